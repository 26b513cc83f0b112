package dev.tidewheel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.oracle.NaiveChangelog;
import dev.tidewheel.feature.oracle.NaiveOracle;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.FeatureJobConfig.StateBackend;
import dev.tidewheel.jobs.registered.RegisteredJobs;
import dev.tidewheel.jobs.source.RecordDecoder;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.tile.StageView;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.store.redis.RedisServerFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A chained view from its definitions to the store: the job of a changelog tells it, reads it, keeps its raw rows and serves
 * the view; its tasks die at random records, and it is stopped and goes on from a savepoint.
 */
class ChainedJobTest {
    private static final int PARALLELISM = 2;
    private static final int ORIGIN_PARTITIONS = 3;
    private static final int CHANGELOG_PARTITIONS = 4;
    private static final int RIDES = 600;
    private static final int CRASHES = 3;
    private static final long START = 1_000_000_000_000L;
    private static final long HOUR = 3_600_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String DEFINITIONS = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: rides}
            spec:
              kafka: {topic: rides, format: json}
              schema:
                type: record
                name: Ride
                fields:
                  - {name: id, type: long}
                  - {name: start, type: {type: long, logicalType: timestamp-millis}}
                  - {name: known, type: {type: long, logicalType: timestamp-millis}}
                  - {name: station, type: string}
                  - {name: line, type: long}
                  - {name: minutes, type: ['null', long]}
              eventTime: start
              knownTime: known
              eventId: id
              horizon: 1d
              watermarkDelay: 5m
            ---
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: load}
            spec:
              source: rides
              entity: [station, line]
              columns:
                - {name: fused, expression: 'test.fuse(minutes)'}
              features:
                - {name: minutes, aggregate: sum, of: fused, windows: [1h]}
                - {name: rides, aggregate: count, windows: [lifetime]}
                - {name: last, aggregate: last_k, of: id, windows: [24h], parameters: {k: 3}}
            ---
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: peaks}
            spec:
              view: load
              entity: [station]
              features:
                - {name: records, aggregate: count, windows: [lifetime]}
                - {name: busiest, aggregate: max, of: minutes_1h, windows: [24h]}
                - {name: line, aggregate: last, of: line, windows: [lifetime]}
                - {name: now, aggregate: latest, of: last_24h, windows: [lifetime]}
            """;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    Path folder;

    @BeforeAll
    static void prepare() {
        KAFKA.createOwnTopics();
    }

    /** Each test has an origin, and an upstream, of its own. */
    private String origin = "";

    private String changelog = "";

    /** A record of the changelog's topic. */
    private record Told(int partition, long offset, long timestamp, Change change) {}

    @Test
    void everyRecordIsToldAndEveryServedValueIsTheOracles() throws Exception {
        long seed = 17;
        Definitions definitions = definitions("rides", "load", "windows: [1h]");
        ViewPlan load = definitions.viewPlan("load");
        List<Change> rides = rides(new Random(seed));
        List<Change> expected =
                NaiveChangelog.records(load, rides); // Before the fuse is armed: the oracle calls it too.
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, changelog, StateBackend.ROCKSDB, PARALLELISM);
        JobDefinition job = RegisteredJobs.of(registry(definitions), changelog);
        try (FrontierFollower frontiers = world.frontiers()) {
            send(rides.subList(0, RIDES / 2));
            Fuse.arm(seed, CRASHES, 150);
            JobClient first = world.start(job, null);
            awaitRecords(definitions, certainBy(expected, rides.subList(0, RIDES / 2)));
            assertThat(Fuse.disarm()).as("tasks that died").isPositive();
            String savepoint = stop(world, first, definitions);

            send(rides.subList(RIDES / 2, rides.size()));
            send(later(30));
            Fuse.arm(seed + 1, CRASHES, 150);
            JobClient second = world.start(job, savepoint);
            awaitRecords(definitions, expected.size());
            Fuse.disarm();
            frontiers.await(List.of("station"), PARALLELISM, ends(definitions), 0);
            stop(world, second, definitions);
        }
        List<Told> told = read(definitions);
        assertIsTheNaiveChangelog(told, expected);
        assertTimestampsKeepTheirPromise(told);
        assertThat(world.rawPositions())
                .containsExactlyElementsOf(told.stream()
                        .map(record -> record.partition() + "/" + record.offset())
                        .sorted()
                        .toList());
        assertServed(world, definitions.viewPlan("peaks"), 1, expected);
        assertThat(world.deadLettersByStage()).isEmpty();
    }

    /** A new definition of the upstream while its changelog is read: the same job tells both, and then the new one alone. */
    @Test
    void aChangelogIsToldAnewBesideTheOldOne() throws Exception {
        Definitions before = definitions("trips", "traffic", "windows: [1h]");
        Definitions now = definitions("trips", "traffic", "windows: [2h]");
        List<Change> rides = rides(new Random(23));
        List<Change> old = NaiveChangelog.records(before.viewPlan("traffic"), rides);
        List<Change> anew = NaiveChangelog.records(now.viewPlan("traffic"), rides);
        JobWorld world = new JobWorld(KAFKA, REDIS, folder, changelog, StateBackend.HASHMAP, PARALLELISM);
        Map<String, Definition> registry = registry(before);
        send(rides);
        send(later(30));
        JobClient first = world.start(RegisteredJobs.of(registry, changelog), null);
        awaitRecords(before, old.size());
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(List.of("station"), PARALLELISM, ends(before), 0);
        }
        String savepoint = stop(world, first, before);

        put(registry, lineage(before, 1, 0));
        put(registry, lineage(now, 2, 1));
        JobClient both = world.start(RegisteredJobs.of(registry, changelog), savepoint);
        awaitRecords(now, anew.size());
        try (FrontierFollower frontiers = world.frontiers()) {
            frontiers.await(List.of("station@1"), PARALLELISM, ends(now), 0);
        }
        awaitRaw(world, before);
        awaitRaw(world, now);
        savepoint = stop(world, both, now);
        assertServed(world, before.viewPlan("peaks"), 1, old);
        assertServed(world, now.viewPlan("peaks"), 2, anew);

        registry = registry(now);
        registry.remove("FeatureView/peaks");
        put(registry, lineage(now, 2, 1));
        JobDefinition alone = RegisteredJobs.of(registry, changelog);
        assertThat(alone.hasMain()).isFalse();
        send(later(60));
        JobClient last = world.start(alone, savepoint);
        awaitRecords(now, anew.size() + ORIGIN_PARTITIONS);
        awaitRaw(world, now);
        stop(world, last, now);
        awaitRaw(world, before);
    }

    /** Again while tasks are only being started: a changelog may be told before the stage behind it runs. */
    private String stop(JobWorld world, JobClient job, Definitions definitions) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return world.stopWithSavepoint(job);
            } catch (ExecutionException e) {
                boolean starting = String.valueOf(e.getMessage()).contains("not being executed at the moment");
                if (!starting || System.nanoTime() > until) {
                    throw e;
                }
                read(definitions);
            }
        }
    }

    /** The raw table has every record of a topic once; what it lacks at first is waited for. */
    private void awaitRaw(JobWorld world, Definitions definitions) {
        List<String> told = read(definitions).stream()
                .map(record -> record.partition() + "/" + record.offset())
                .sorted()
                .toList();
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<String> raw = raw(world, definitions);
        while (raw.size() < told.size() && System.nanoTime() < until) {
            raw = raw(world, definitions);
        }
        assertThat(raw).containsExactlyElementsOf(told);
    }

    private List<String> raw(JobWorld world, Definitions definitions) {
        String topic = definitions.source(changelog).only().topic();
        return world.rawRecords().stream()
                .filter(row -> row.getField("_topic").equals(topic))
                .map(row -> row.getField("_partition") + "/" + row.getField("_offset"))
                .sorted()
                .toList();
    }

    private ViewLineage lineage(Definitions definitions, long lineage, long cohort) {
        Map<String, Definition> registry = registry(definitions);
        Definition view = Objects.requireNonNull(registry.get("FeatureView/peaks"));
        Definition source = Objects.requireNonNull(registry.get("Source/" + changelog));
        return new ViewLineage("peaks", lineage, changelog, cohort, view.getHash(), view.getBody(), source.getBody());
    }

    private static void put(Map<String, Definition> registry, ViewLineage lineage) {
        Definition record = ViewLineages.computed(lineage, 0);
        registry.put(record.getKind() + "/" + record.getName(), record);
    }

    private Definitions definitions(String topic, String upstream, String windows) throws IOException {
        origin = topic;
        changelog = upstream + "_changelog";
        KAFKA.createTopic(topic, ORIGIN_PARTITIONS);
        Path definitions = Files.createDirectories(folder.resolve("definitions"));
        Files.writeString(
                definitions.resolve("all.yaml"),
                DEFINITIONS
                        .replace("topic: rides", "topic: " + topic)
                        .replace(": load", ": " + upstream)
                        .replace("of: fused, windows: [1h]", "of: fused, " + windows)
                        .replace("of: minutes_1h", "of: " + (windows.contains("2h") ? "minutes_2h" : "minutes_1h")));
        return Definitions.load(definitions).orThrow();
    }

    private static Map<String, Definition> registry(Definitions definitions) {
        Map<String, Definition> snapshot = new TreeMap<>();
        for (RegistryEntry entry : definitions.toRegistry()) {
            snapshot.put(
                    entry.key(),
                    new Definition(entry.kind(), entry.name(), entry.hash(), entry.body(), 1L, List.of(), 0L));
        }
        return snapshot;
    }

    /** Out of order by less than the watermark's delay, some late, some again, many at one moment. */
    private static List<Change> rides(Random random) {
        List<Change> rides = new ArrayList<>();
        for (int i = 0; i < RIDES; i++) {
            long known = START + i * 20_000L - random.nextInt(240_000) + random.nextInt(2) * (20_000 - i % 20_000);
            long happened = known - (random.nextInt(20) == 0 ? 25 * HOUR : random.nextInt(7_200_000) - 60_000);
            boolean again = i > 20 && random.nextInt(10) == 0;
            rides.add(again ? again(rides.get(i - 1 - random.nextInt(10)), known) : ride(i, happened, known, random));
        }
        return rides;
    }

    private static Change ride(long id, long happened, long known, Random random) {
        Row row = new Row(6)
                .setLong(0, id)
                .setLong(1, happened)
                .setLong(2, known)
                .setString(3, "s" + random.nextInt(5))
                .setLong(4, random.nextInt(12));
        if (random.nextInt(10) > 0) {
            row.setLong(5, random.nextInt(90));
        }
        return new Change(false, EventId.of(id), happened, known, row);
    }

    private static Change again(Change ride, long known) {
        Row row = ride.row().widen(6).setLong(2, known);
        return new Change(false, ride.id(), ride.eventTime(), known, row);
    }

    /** One for each partition, so much later that all before is due; they wait themselves. */
    private static List<Change> later(int days) {
        long known = START + days * 24 * HOUR;
        return IntStream.range(0, ORIGIN_PARTITIONS)
                .mapToObj(partition -> {
                    long id = (long) (RIDES + days) * ORIGIN_PARTITIONS + partition;
                    Row row = new Row(6)
                            .setLong(0, id)
                            .setLong(1, known)
                            .setLong(2, known)
                            .setString(3, "later")
                            .setLong(4, 0);
                    return new Change(false, EventId.of(id), known, known, row);
                })
                .toList();
    }

    private static int partitionOf(long id) {
        return (int) (id % ORIGIN_PARTITIONS);
    }

    private void send(List<Change> rides) throws Exception {
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(KAFKA.config(), PATIENCE, new ByteArraySerializer())) {
            for (Change ride : rides) {
                Row row = ride.row();
                String json = "{\"id\":" + row.getLong(0) + ",\"start\":" + row.getLong(1) + ",\"known\":"
                        + row.getLong(2) + ",\"station\":\"" + row.getString(3) + "\",\"line\":" + row.getLong(4)
                        + ",\"minutes\":" + (row.isNull(5) ? "null" : row.getLong(5)) + "}";
                producer.send(new ProducerRecord<>(
                                origin,
                                partitionOf(row.getLong(0)),
                                ride.knownTime(),
                                null,
                                json.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    /** How many records the first rides alone make certain: those before all that any later ride can belong into. */
    private static int certainBy(List<Change> expected, List<Change> sent) {
        long[] greatest = new long[ORIGIN_PARTITIONS];
        sent.stream().filter(ride -> !ride.isLate(24 * HOUR)).forEach(ride -> {
            int partition = partitionOf(ride.row().getLong(0));
            greatest[partition] = Math.max(greatest[partition], ride.knownTime());
        });
        long watermark = java.util.Arrays.stream(greatest).min().orElseThrow() - 300_000;
        return (int) expected.stream()
                .filter(record -> record.visibleAt() < watermark)
                .count();
    }

    private void awaitRecords(Definitions definitions, int wanted) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        long distinct = 0;
        while (distinct < wanted) {
            if (System.nanoTime() > until) {
                throw new AssertionError("the changelog has " + distinct + " records of " + wanted);
            }
            distinct = read(definitions).stream()
                    .map(told -> told.change().id())
                    .distinct()
                    .count();
        }
    }

    private List<TopicPartition> partitions(Definitions definitions) {
        String topic = definitions.source(changelog).only().topic();
        return IntStream.range(0, CHANGELOG_PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private Map<Integer, Long> ends(Definitions definitions) {
        Map<Integer, Long> ends = new TreeMap<>();
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(KAFKA.config(), PATIENCE)) {
            consumer.endOffsets(partitions(definitions)).forEach((at, end) -> {
                if (end > 0) {
                    ends.put(at.partition(), end);
                }
            });
        }
        return ends;
    }

    private List<Told> read(Definitions definitions) {
        Source source = definitions.source(changelog);
        RecordDecoder decoder = new RecordDecoder(SourceLayout.of(source), source.columns());
        List<TopicPartition> partitions = partitions(definitions);
        List<Told> told = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = KafkaClients.bytesConsumer(KAFKA.config(), PATIENCE)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    SourceRecord decoded = decoder.decode(
                            record.partition(), record.offset(), record.timestamp(), record.key(), record.value());
                    assertThat(decoded.accepted()).as(decoded.detail()).isTrue();
                    told.add(new Told(record.partition(), record.offset(), record.timestamp(), decoded.change()));
                }
            }
        }
        return told;
    }

    private static void assertIsTheNaiveChangelog(List<Told> told, List<Change> expected) {
        Map<EventId, Change> byId = new HashMap<>();
        for (Told each : told) {
            Change before = byId.putIfAbsent(each.change().id(), each.change());
            assertThat(each.change()).as("told again").isEqualTo(before == null ? each.change() : before);
        }
        assertThat(byId.values()).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Nothing follows a record that became visible before the record's timestamp. */
    private static void assertTimestampsKeepTheirPromise(List<Told> told) {
        Map<Integer, Long> promised = new HashMap<>();
        told.stream()
                .sorted(Comparator.comparingInt(Told::partition).thenComparingLong(Told::offset))
                .forEach(each -> {
                    assertThat(each.change().visibleAt())
                            .as("%s", each)
                            .isGreaterThanOrEqualTo(promised.getOrDefault(each.partition(), 0L));
                    promised.merge(each.partition(), each.timestamp(), Math::max);
                });
        assertThat(promised.values()).as("checkpoints that were confirmed").anyMatch(time -> time > START);
    }

    private static void assertServed(JobWorld world, ViewPlan peaks, long lineage, List<Change> records) {
        Map<String, List<Change>> byStation = new TreeMap<>();
        records.forEach(record -> byStation
                .computeIfAbsent(peaks.entityKey(record.row()).orElseThrow(), unseen -> new ArrayList<>())
                .add(record));
        assertThat(byStation).hasSize(5);
        byStation.forEach((station, changes) -> {
            KeyState served = world.stored(new StageView(peaks, lineage), station);
            NaiveOracle oracle = new NaiveOracle(peaks, changes);
            long end = changes.stream().mapToLong(Change::visibleAt).max().orElseThrow();
            for (long t : new long[] {end, end + HOUR, end + 30 * HOUR}) {
                assertThat(served.read(t).row())
                        .as("%s at %d", station, t)
                        .isEqualTo(oracle.valuesAt(t).row());
            }
        });
    }
}
