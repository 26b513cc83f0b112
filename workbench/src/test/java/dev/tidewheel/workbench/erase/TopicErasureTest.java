package dev.tidewheel.workbench.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.history.care.InferenceKeys.Whose;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.kafka.DeadLetterKey;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicSettings;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.ErasureScope.Keyed;
import dev.tidewheel.workbench.erase.TopicSearch.Found;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicErasureTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final TreeMap<String, String> WHO = new TreeMap<>(Map.of("who", "me"));

    private final KafkaBrokerFixture kafka = new KafkaBrokerFixture();

    @BeforeEach
    void start() {
        kafka.start();
        kafka.createOwnTopics();
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void itsLettersGoOneByOneAndThoseOfOthersStay() throws Exception {
        letter(1, "visits", "me", null);
        letter(2, null, null, "{\"who\": \"me\"}");
        letter(3, "shops", "shop", "{\"who\": \"me\"}");
        letter(4, "visits", "you", "{\"who\": \"you\"}");

        TopicErasure.Outcome outcome = erase(false, Set.of());

        assertThat(outcome.letters()).as("by its key, and by its place").isEqualTo(2);
        assertThat(outcome.found())
                .filteredOn(found -> found.perhaps() > 0)
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.topic()).isEqualTo(Topics.DEAD_LETTERS);
                    assertThat(found.perhaps()).as("mentions it").isEqualTo(1);
                    assertThat(found.records()).isZero();
                });
        assertThat(newest()).containsExactlyInAnyOrder(3L, 4L);
        assertThat(erase(true, Set.of()).letters()).as("also what mentions it").isEqualTo(1);
        assertThat(newest()).containsExactly(4L);
        assertThat(erase(true, Set.of()).letters()).as("nothing is left to do").isZero();
    }

    @Test
    void anInferenceIsItsIfItsKeysSaySo() throws Exception {
        log("r1", List.of("who"), List.of("me"));
        log("r2", List.of("who", "friend"), List.of("you", "me"));
        log("r3", List.of("shop"), List.of("me"));
        log("me", List.of("shop"), List.of("s"), "1", "of others", "mean");
        log("r5", List.of("shop"), List.of("s"), "1", "for me, please");
        log("r6", List.of("who"), List.of("you"), "1", "me");
        log("r7", List.of("shop"), List.of("s"), "weekly-me", "x");

        TopicErasure.Outcome outcome = erase(false, Set.of());

        Found found = outcome.found().stream()
                .filter(one -> one.topic().equals(Topics.INFERENCES))
                .findFirst()
                .orElseThrow();
        assertThat(found.records()).isEqualTo(1);
        assertThat(found.perhaps()).as("of no such key, by its texts").isEqualTo(1);
        assertThat(found.last())
                .as("where it may be cut: no other's")
                .containsValue(0L)
                .hasSize(1);
        assertThat(found.whole()).isTrue();
        assertThat(outcome.retention()).as("for ever").doesNotContainKey(Topics.INFERENCES);
    }

    @Test
    void aTopicIsCutThroughItsLastRecord() throws Exception {
        for (int i = 0; i < 9; i++) {
            log("same", List.of("who"), List.of(i == 5 ? "me" : "you"));
        }

        TopicErasure.Outcome outcome = erase(false, Set.of(Topics.INFERENCES));

        assertThat(outcome.cut()).isEqualTo(Map.of(Topics.INFERENCES, 6L));
        assertThat(outcome.refused()).isEmpty();
        assertThat(erase(false, Set.of()).found()).allMatch(found -> found.records() == 0);
        assertThatThrownBy(() -> erase(false, Set.of(Topics.DEFINITIONS)))
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining(Topics.DEFINITIONS);
    }

    @Test
    void aTopicIsNotCutBeforeItWasLookedThroughToItsEnd() {
        Found seen = new Found(Topics.INFERENCES, 1, 0, Map.of(0, 0L), 0, 0, 5, false);
        Found whole = new Found(Topics.INFERENCES, 1, 0, Map.of(0, 0L), 0, 0, 5, true);

        assertThat(TopicErasure.whyNotCut(seen, Optional.empty()))
                .hasValueSatisfying(why -> assertThat(why).contains("looked through to its end"));
        assertThat(TopicErasure.whyNotCut(whole, Optional.empty())).isEmpty();
        assertThat(TopicErasure.whyNotCut(whole, Optional.of(Map.of()))).isPresent();
    }

    @Test
    void whatTheMonitoringJobHasNotReadIsNotCut() throws Exception {
        for (int i = 0; i < 3; i++) {
            log("same", List.of("who"), List.of("me"));
        }
        int partition = whole(erase(false, Set.of())).last().keySet().iterator().next();

        TopicErasure.Outcome behind =
                erase(false, Set.of(Topics.INFERENCES), Optional.of(Map.of(partition, 2L)), DEADLINE);
        assertThat(behind.cut()).isEmpty();
        assertThat(behind.refused().get(Topics.INFERENCES)).contains("monitoring.inferences");
        assertThat(whole(behind).records()).isEqualTo(3);

        TopicErasure.Outcome read =
                erase(false, Set.of(Topics.INFERENCES), Optional.of(Map.of(partition, 3L)), DEADLINE);
        assertThat(read.cut()).isEqualTo(Map.of(Topics.INFERENCES, 3L));
        assertThat(read.refused()).isEmpty();
    }

    @Test
    void aRecordThatCannotBeReadIsSaidToBeThere() throws Exception {
        try (Producer<byte[], byte[]> producer = KafkaClients.bytesProducer(kafka.config(), DEADLINE)) {
            producer.send(new ProducerRecord<>(Topics.INFERENCES, new byte[] {1, 2, 3}))
                    .get();
        }

        assertThat(whole(erase(false, Set.of())).unreadable()).isEqualTo(1);
    }

    @Test
    void withoutATopicOfDeadLettersTheOthersAreLookedThrough() throws Exception {
        log("r1", List.of("who"), List.of("me"));
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap()))) {
            admin.deleteTopics(List.of(Topics.DEAD_LETTERS)).all().get();
        }
        TopicSettings settings = new TopicSettings(kafka.config(), DEADLINE);
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (settings.exists(Topics.DEAD_LETTERS)) {
            assertThat(System.nanoTime()).isLessThan(end);
        }

        assertThat(whole(erase(false, Set.of())).records()).isEqualTo(1);
        assertThat(settings.ends(Topics.INFERENCES)).containsValue(1L).hasSize(1);
        assertThat(settings.ends(Topics.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void aSegmentIsItsIfItSaysColumnAndValue() {
        TopicErasure.Known known = new TopicErasure.Known(WHO, List.of(), (partition, offset) -> false, false);

        assertThat(known.whoseSegment("who=me")).isEqualTo(Whose.THEIRS);
        assertThat(known.whoseSegment("shop=me"))
                .as("the same column may have another name there")
                .isEqualTo(Whose.PERHAPS);
        assertThat(known.whoseSegment("who=mean")).isEqualTo(Whose.OTHERS);
        assertThat(known.whoseSegment("")).isEqualTo(Whose.OTHERS);
        assertThat(new TopicErasure.Known(WHO, List.of(), (partition, offset) -> false, true).whoseSegment("shop=me"))
                .as("if that is asked for")
                .isEqualTo(Whose.THEIRS);
    }

    private static Found whole(TopicErasure.Outcome outcome) {
        return outcome.found().stream()
                .filter(found -> found.topic().equals(Topics.INFERENCES))
                .findFirst()
                .orElseThrow();
    }

    private TopicErasure.Outcome erase(boolean suspects, Set<String> cut) throws InterruptedException {
        return erase(suspects, cut, Optional.empty(), DEADLINE);
    }

    private TopicErasure.Outcome erase(
            boolean suspects, Set<String> cut, Optional<Map<Integer, Long>> monitored, Duration patience)
            throws InterruptedException {
        TopicErasure.Known known = new TopicErasure.Known(
                WHO,
                List.of(new Keyed("visits", 1, List.of("who"))),
                (partition, offset) -> partition.equals(new TopicPartition("source", 0)) && offset == 2,
                suspects);
        return new TopicErasure(kafka.config(), DEADLINE, patience).erase(known, cut, monitored);
    }

    /** The offsets of the records that letters are about, of those letters that compaction would keep. */
    private List<Long> newest() {
        Map<String, Long> byKey = new TreeMap<>();
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(kafka.config(), DEADLINE)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    byKey.remove(key);
                    if (record.value() != null) {
                        byKey.put(
                                key,
                                RecordSerde.of(DeadLetter.class)
                                        .decode(record.value())
                                        .getOffset());
                    }
                }
            }
        }
        return List.copyOf(byKey.values());
    }

    private void letter(long offset, @Nullable String view, @Nullable String key, @Nullable String value)
            throws Exception {
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic("source")
                .setPartition(0)
                .setOffset(offset)
                .setTimestamp(5L)
                .setStage("view")
                .setView(view)
                .setReason(DeadLetterReason.LATE)
                .setDetail("because")
                .setEntityKey(key)
                .setValue(value == null ? null : ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
                .build();
        send(Topics.DEAD_LETTERS, DeadLetterKey.of(letter), letter, DeadLetter.class);
    }

    private void log(String request, List<String> names, List<String> keys) throws Exception {
        log(request, names, keys, "1");
    }

    private void log(String request, List<String> names, List<String> keys, String version, String... strings)
            throws Exception {
        Inference inference = inference(request, names, keys);
        inference.setModelVersion(version);
        inference.setStrings(List.of(strings));
        send(Topics.INFERENCES, request, inference, Inference.class);
    }

    static Inference inference(String request, List<String> names, List<String> keys) {
        return Inference.newBuilder()
                .setT(0)
                .setRequestId(request)
                .setRow(0)
                .setArm("champion")
                .setModel("m")
                .setModelVersion("1")
                .setArtifactDigest("sha256:0")
                .setService("s")
                .setServiceHash("sha256:0")
                .setConfigHash("sha256:0")
                .setEntityNames(names)
                .setEntityKeys(keys)
                .setNumbers(List.of())
                .setIntegers(List.of())
                .setStrings(List.of())
                .setNulls(ByteBuffer.allocate(0))
                .setStatuses(ByteBuffer.allocate(0))
                .setCuts(List.of())
                .setPrediction(List.of())
                .setStatus(InferenceStatus.OK)
                .setAdmittedAt(0)
                .setFeatureMicros(0)
                .setModelMicros(0)
                .setTotalMicros(0)
                .build();
    }

    private <T extends SpecificRecord> void send(String topic, String key, T value, Class<T> type) throws Exception {
        try (Producer<String, T> producer = KafkaClients.producer(kafka.config(), DEADLINE, RecordSerde.of(type))) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        }
    }
}
