package dev.tidewheel.workbench.dead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterAction;
import dev.tidewheel.records.DeadLetterMark;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.apply.Rollover;
import dev.tidewheel.workbench.cli.Tidewheel;
import dev.tidewheel.workbench.dead.OriginalRecords.Original;
import dev.tidewheel.workbench.dead.OriginalRecords.RawBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Letters on a real broker. The source of the examples declares event ids and known times. */
class LetterWorkTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final long IN_2001 = 981_331_200_000L;
    private static final long NOW = 1_000;
    private static final SourceInput FLIGHTS = Definitions.load(Path.of("../examples/flights"))
            .orThrow()
            .source("flights")
            .only();

    private final KafkaBrokerFixture kafka = new KafkaBrokerFixture();

    @BeforeEach
    void start() {
        kafka.start();
        kafka.createOwnTopics();
        kafka.createTopic("flights", 2);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void aRecordIsSentOnceAsItCameAndAllItsLettersAreMarked() throws Exception {
        record(0, "k", "first");
        write(letter(0, 0, "view", "origin_delays", DeadLetterReason.EXPRESSION_ERROR, null));
        write(letter(0, 0, "view", "route_delays", DeadLetterReason.EXPRESSION_ERROR, null));
        write(letter(0, 0, "view", "route_delays", DeadLetterReason.EXPRESSION_ERROR, null));

        LetterWork.Outcome outcome = replay(RawBytes.NONE, LetterFilter.OPEN);

        assertThat(outcome.records()).isEqualTo(1);
        assertThat(outcome.marked()).isEqualTo(2);
        assertThat(outcome.refused()).isEmpty();
        List<ConsumerRecord<byte[], byte[]>> records = read("flights");
        assertThat(records).hasSize(2).allSatisfy(record -> {
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo("first");
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("k");
            assertThat(record.timestamp()).isEqualTo(IN_2001);
            assertThat(new String(record.headers().lastHeader("trace").value(), StandardCharsets.UTF_8))
                    .isEqualTo("t");
        });
        ConsumerRecord<byte[], byte[]> again = records.stream()
                .filter(record -> !(record.partition() == 0 && record.offset() == 0))
                .findFirst()
                .orElseThrow();
        assertThat(marks()).hasSize(2).allSatisfy(mark -> {
            assertThat(mark.getAction()).isEqualTo(DeadLetterAction.REPLAYED);
            assertThat(mark.getNewPartition()).isEqualTo(again.partition());
            assertThat(mark.getNewOffset()).isEqualTo(again.offset());
            assertThat(mark.getMarkedAt()).isEqualTo(NOW);
            assertThat(mark.getWhy()).isEqualTo("repaired");
        });
        assertThat(replay(RawBytes.NONE, LetterFilter.OPEN).records()).isZero();
        assertThat(read("flights")).hasSize(2);
    }

    @Test
    void whatIsLateStaysOpenWithItsRemedy() throws Exception {
        record(0, null, "late");
        write(letter(0, 0, "view", "origin_delays", DeadLetterReason.LATE, null));
        write(letter(0, 0, "dedupe/origin", null, DeadLetterReason.STATE_FREED, null));

        LetterWork.Outcome outcome = replay(RawBytes.NONE, LetterFilter.OPEN);

        assertThat(outcome.records()).isZero();
        assertThat(outcome.refused().keySet())
                .anyMatch(reason -> reason.startsWith("LATE") && reason.contains("longer horizon"))
                .anyMatch(reason -> reason.startsWith("STATE_FREED") && reason.contains("new lineage"));
        assertThat(marks()).isEmpty();
    }

    @Test
    void whatAnImportHasOrBringsIsNotSentAgain() throws Exception {
        record(0, null, "before the handover");
        write(letter(0, 0, "decode", null, DeadLetterReason.HANDED_OVER, null));
        write(letter(Channels.importPartition(0), 0, "decode", null, DeadLetterReason.NO_EVENT_ID, null));

        LetterWork.Outcome outcome = replay(RawBytes.NONE, LetterFilter.OPEN);

        assertThat(outcome.records()).isZero();
        assertThat(outcome.refused().keySet())
                .anyMatch(reason -> reason.startsWith("HANDED_OVER") && reason.contains("another handover"))
                .anyMatch(reason -> reason.startsWith("NO_EVENT_ID") && reason.contains("in no topic"));
    }

    @Test
    void whatTheTopicHasDeletedComesFromTheRawTableThenFromTheLetter() throws Exception {
        write(letter(1, 700, "decode", null, DeadLetterReason.UNDECODABLE, "whole".getBytes(StandardCharsets.UTF_8)));
        write(letter(1, 701, "decode", null, DeadLetterReason.UNDECODABLE, new byte[64 * 1024]));
        write(letter(1, 702, "decode", null, DeadLetterReason.UNDECODABLE, new byte[64 * 1024]));
        RawBytes raw = (topic, partition, offset) -> offset == 701
                ? Optional.of(new Original(null, "of the raw table".getBytes(StandardCharsets.UTF_8), List.of()))
                : Optional.empty();

        LetterWork.Outcome outcome = replay(raw, LetterFilter.OPEN);

        assertThat(outcome.records()).isEqualTo(2);
        assertThat(outcome.refused().values()).containsExactly(1L);
        assertThat(outcome.refused().keySet()).allMatch(reason -> reason.contains("neither the raw table"));
        assertThat(read("flights"))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("whole", "of the raw table");
        assertThat(read("flights")).extracting(ConsumerRecord::partition).containsOnly(1);
    }

    @Test
    void withoutAnIdOrAKnownTimeSomebodyMustSayThatItIsNew() {
        DeadLetter letter = letter(0, 0, "view", "origin_delays", DeadLetterReason.EXPRESSION_ERROR, null);

        assertThat(ReplayDecision.of(letter, FLIGHTS, false, List.of())).isInstanceOf(ReplayDecision.Send.class);
        assertThat(ReplayDecision.of(letter, with(Optional.empty(), FLIGHTS.eventId()), false, List.of()))
                .isInstanceOfSatisfying(
                        ReplayDecision.Refuse.class,
                        refuse -> assertThat(refuse.reason()).contains("no known time", "--as-new"));
        assertThat(ReplayDecision.of(letter, with(FLIGHTS.knownTime(), Optional.empty()), false, List.of()))
                .isInstanceOfSatisfying(
                        ReplayDecision.Refuse.class,
                        refuse -> assertThat(refuse.reason()).contains("no event id", "twice", "--as-new"));
        assertThat(ReplayDecision.of(letter, with(Optional.empty(), Optional.empty()), true, List.of()))
                .isInstanceOf(ReplayDecision.Send.class);
    }

    /** Without an id, a record that is sent for one view is counted by the others once more. */
    @Test
    void whatAnotherViewHasCountedIsNotSent() throws Exception {
        SourceInput withoutId = with(FLIGHTS.knownTime(), Optional.empty());
        Map<String, Definition> registry = new HashMap<>();
        String source = "{\"spec\":{\"kafka\":{\"topic\":\"flights\"}}}";
        String union = "{\"spec\":{\"union\":[{\"source\":{\"kafka\":{\"topic\":\"flights\"}}}]}}";
        for (ViewLineage lineage : List.of(
                new ViewLineage("origin_delays", 1, "s", 0, "h", "{\"spec\":{\"entity\":[\"origin\"]}}", source),
                new ViewLineage("route_delays", 2, "u", 1, "h", "{\"spec\":{\"entity\":[\"a\",\"b\"]}}", union))) {
            registry.put("ViewLineage/" + lineage.id(), ViewLineages.computed(lineage, 0));
        }
        record(0, "k", "first");
        record(0, "k", "second");
        write(letter(0, 0, "view", "origin_delays", DeadLetterReason.EXPRESSION_ERROR, null));
        write(letter(0, 1, "decode", null, DeadLetterReason.UNDECODABLE, null));

        LetterWork.Outcome outcome = replayAsNew(withoutId, registry);

        assertThat(outcome.records())
                .as("what nobody could decode nobody has counted")
                .isEqualTo(1);
        assertThat(outcome.refused().keySet()).singleElement().asString().contains("route_delays@2 would count");
        write(letter(0, 0, "route/a+b@1", null, DeadLetterReason.NO_KEY, null));
        assertThat(replayAsNew(withoutId, registry))
                .as("the other has refused it too")
                .isEqualTo(new LetterWork.Outcome(
                        1,
                        2,
                        Map.of(),
                        Map.of(
                                "EXPRESSION_ERROR: refused again unless the view has changed since",
                                1L,
                                "NO_KEY: refused again unless the source or the program has changed since",
                                1L)));
    }

    /** A row that only the union could not make of a record was counted by the member's own view. */
    @Test
    void whatOnlyAUnionCouldNotSelectIsNotSent() throws Exception {
        String source = "{\"spec\":{\"kafka\":{\"topic\":\"flights\"}}}";
        String union = "{\"spec\":{\"union\":[{\"source\":{\"kafka\":{\"topic\":\"flights\"}}},"
                + "{\"source\":{\"kafka\":{\"topic\":\"t\"}}}]}}";
        Map<String, Definition> registry = new HashMap<>();
        for (ViewLineage lineage : List.of(
                new ViewLineage("own", 1, "s", 0, "h", "{\"spec\":{\"entity\":[\"origin\"]}}", source),
                new ViewLineage("all", 2, "u", 0, "h", "{\"spec\":{\"entity\":[\"origin\"]}}", union))) {
            registry.put("ViewLineage/" + lineage.id(), ViewLineages.computed(lineage, 0));
        }
        record(0, "k", "first");
        write(letter(0, 0, "decode", null, DeadLetterReason.EXPRESSION_ERROR, null));

        LetterWork.Outcome outcome = replayAsNew(with(FLIGHTS.knownTime(), Optional.empty()), registry);

        assertThat(outcome.records()).isZero();
        assertThat(outcome.refused().keySet()).singleElement().asString().contains("own@1 would count");
    }

    private LetterWork.Outcome replayAsNew(SourceInput source, Map<String, Definition> registry) throws Exception {
        try (LetterWork work = work(RawBytes.NONE, source, registry)) {
            return work.replay(LetterFilter.OPEN, true, "repaired", NOW, sent -> {});
        }
    }

    @Test
    void lettersAreFoundCountedAndLaidAside() throws Exception {
        write(letter(0, 0, "view", "origin_delays", DeadLetterReason.LATE, null));
        write(letter(0, 1, "view", "route_delays", DeadLetterReason.LATE, null));
        write(letter(1, 0, "decode", null, DeadLetterReason.UNDECODABLE, new byte[] {1}));

        LetterFilter late = new LetterFilter(
                Set.of("flights"),
                Optional.of("route_delays"),
                Set.of(DeadLetterReason.LATE),
                Optional.empty(),
                Optional.empty(),
                false);
        assertThat(positions(late)).containsExactly("flights/0/1");
        try (LetterWork work = work(RawBytes.NONE)) {
            assertThat(work.drop(late, "known", NOW, marked -> {}).marked()).isEqualTo(1);
        }
        assertThat(positions(late)).isEmpty();
        assertThat(positions(LetterFilter.OPEN)).containsExactlyInAnyOrder("flights/0/0", "flights/1/0");
        assertThat(marks()).extracting(DeadLetterMark::getAction).containsExactly(DeadLetterAction.DROPPED);
    }

    @Test
    void theCommandsSayWhatTheyDid() throws Exception {
        new Rollover(
                        kafka.config(),
                        Definitions.load(Path.of("../examples/flights"))
                                .orThrow()
                                .toRegistry(),
                        () -> NOW)
                .apply(Duration.ZERO, plan -> {});
        record(0, null, "first");
        write(letter(0, 0, "view", "origin_delays", DeadLetterReason.EXPRESSION_ERROR, null));
        write(letter(0, 0, "view", "route_delays", DeadLetterReason.LATE, null));

        assertThat(run("list", "--source", "flights", "--reason", "late,expression_error", "--since", "1h"))
                .isZero();
        assertThat(run("show", "flights/0/0")).isZero();
        assertThat(run("show", "flights/0/77")).isEqualTo(1);
        assertThat(run("replay")).as("says which").isEqualTo(2);
        assertThat(run("replay", "--source", "flights")).as("one is late").isEqualTo(1);
        assertThat(run("drop", "--view", "route_delays", "--why", "late")).isZero();
        assertThat(run("replay", "--all")).as("nothing is open").isZero();
        assertThat(read("flights")).hasSize(2);
        assertThat(run("list", "--source", "trains")).as("no such source").isEqualTo(3);
    }

    @Test
    void aSetOfFingerprintsHoldsWhatWasAddedAndNothingElse() {
        Fingerprints prints = new Fingerprints();
        for (int i = 0; i < 10_000; i++) {
            assertThat(prints.add("text " + i)).isTrue();
        }
        assertThat(prints.add("text 77")).isFalse();
        assertThat(prints.contains("text 9999")).isTrue();
        assertThat(prints.contains("text 10000")).isFalse();
        assertThat(prints.size()).isEqualTo(10_000);
    }

    private int run(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of("dead-letters", command));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--bootstrap", kafka.bootstrap(), "--output", "json"));
        return Tidewheel.run(arguments.toArray(String[]::new));
    }

    private static SourceInput with(Optional<String> knownTime, Optional<String> eventId) {
        String yaml = """
                {"apiVersion": "tidewheel.dev/v1", "kind": "Source", "metadata": {"name": "s"}, "spec": {
                  "kafka": {"topic": "s", "format": "avro"},
                  "schema": {"type": "record", "name": "R", "fields": [
                    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                    {"name": "landing", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                    {"name": "flight_id", "type": "long"}]},
                  "eventTime": "at", %s %s "horizon": "1d"}}
                """;
        String body = String.format(
                yaml,
                knownTime.map(column -> "\"knownTime\": \"" + column + "\",").orElse(""),
                eventId.map(column -> "\"eventId\": \"" + column + "\",").orElse(""));
        return Definitions.fromRegistry(List.of(body)).orThrow().source("s").only();
    }

    private LetterWork.Outcome replay(RawBytes raw, LetterFilter filter) throws Exception {
        try (LetterWork work = work(raw)) {
            return work.replay(filter, false, "repaired", NOW, sent -> {});
        }
    }

    private LetterWork work(RawBytes raw) {
        return work(raw, FLIGHTS, Map.of());
    }

    private LetterWork work(RawBytes raw, SourceInput source, Map<String, Definition> registry) {
        return new LetterWork(
                kafka.config(),
                new Letters(kafka.config(), DEADLINE),
                new OriginalRecords(kafka.config(), raw, DEADLINE),
                Map.of("flights", source),
                Takers.of(registry),
                100_000,
                DEADLINE);
    }

    private List<String> positions(LetterFilter filter) throws InterruptedException {
        List<String> positions = new ArrayList<>();
        new Letters(kafka.config(), DEADLINE)
                .visit(filter, (letter, writtenAt) -> positions.add(Letters.position(letter)));
        return positions;
    }

    private static DeadLetter letter(
            int partition,
            long offset,
            String stage,
            @Nullable String view,
            DeadLetterReason reason,
            byte @Nullable [] value) {
        return DeadLetter.newBuilder()
                .setTopic("flights")
                .setPartition(partition)
                .setOffset(offset)
                .setTimestamp(IN_2001)
                .setStage(stage)
                .setView(view)
                .setReason(reason)
                .setDetail("because")
                .setValue(value == null ? null : ByteBuffer.wrap(value))
                .build();
    }

    private void write(DeadLetter letter) throws Exception {
        try (Producer<String, DeadLetter> producer =
                KafkaClients.producer(kafka.config(), DEADLINE, RecordSerde.of(DeadLetter.class))) {
            producer.send(new ProducerRecord<>(Topics.DEAD_LETTERS, Letters.position(letter), letter))
                    .get();
        }
    }

    private void record(int partition, @Nullable String key, String value) throws Exception {
        try (Producer<byte[], byte[]> producer = KafkaClients.bytesProducer(kafka.config(), DEADLINE)) {
            producer.send(new ProducerRecord<>(
                            "flights",
                            partition,
                            IN_2001,
                            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                            value.getBytes(StandardCharsets.UTF_8),
                            List.of(new RecordHeader("trace", "t".getBytes(StandardCharsets.UTF_8)))))
                    .get();
        }
    }

    private List<DeadLetterMark> marks() {
        RecordSerde<DeadLetterMark> serde = RecordSerde.of(DeadLetterMark.class);
        return read(Topics.DEAD_LETTER_MARKS).stream()
                .map(record -> serde.decode(record.value()))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka.config(), DEADLINE)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
