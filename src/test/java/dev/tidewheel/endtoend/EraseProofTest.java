package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.history.care.ByteGrep;
import dev.tidewheel.history.care.CarePolicy;
import dev.tidewheel.history.care.WarehouseCare;
import dev.tidewheel.history.run.RawCoverage;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.jobs.FeatureJobConfig;
import dev.tidewheel.jobs.FrontierFollower;
import dev.tidewheel.jobs.RegisteredJob;
import dev.tidewheel.jobs.Savepoints;
import dev.tidewheel.jobs.TestFlights;
import dev.tidewheel.jobs.TestFlights.Flight;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.DeadLetterKey;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.apply.JobProgress;
import dev.tidewheel.workbench.apply.LiveProgress;
import dev.tidewheel.workbench.cli.Tidewheel;
import dev.tidewheel.workbench.terminal.ExitCode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The proof: an entity of random letters is in savepoint, store, tables and topics; it is erased by the command; then no
 * byte of it is in any of them, whatever the job does next. Whatever is compressed is opened first. Only the user's own
 * topic has it still, so the job meets it again and again.
 */
class EraseProofTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SOURCE = "proof";
    private static final int PARTITIONS = 2;
    private static final int PARALLELISM = 2;
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    /** What the bounds of columns have of a text, at least. */
    private static final int BOUND = 14;

    private static final long SEED = Long.getLong("tidewheel.seed", System.nanoTime());
    private static final Random RANDOM = new Random(SEED);
    private static final String WHO = RANDOM.ints(24, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private static final List<String> STAGES = List.of("origin", "origin+destination");
    private static final String DEFINITIONS = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: proof}
            spec:
              kafka: {topic: proof, format: avro}
              schema: %s
              eventTime: date
              knownTime: landing
              eventId: flight_id
              horizon: 1d
            ---
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: origins}
            spec:
              source: proof
              entity: [origin]
              features:
                - {name: flights, aggregate: count, windows: [%s, lifetime]}
                - {name: last, aggregate: last, of: destination, windows: [24h]}
            ---
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: routes}
            spec:
              source: proof
              entity: [origin, destination]
              features:
                - {name: delay, aggregate: sum, of: delay, windows: [24h]}
            """;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture(Map.of(
            "log.cleaner.backoff.ms", "200",
            "log.retention.check.interval.ms", "200",
            "log.initial.task.delay.ms", "100"));

    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(PARALLELISM)
            .build());

    @TempDir
    private Path folder;

    private final ByteGrep grep = new ByteGrep(WHO.substring(0, BOUND));
    private final Map<Integer, Long> sent = new TreeMap<>();

    @Test
    void noByteOfAnErasedEntityIsLeftWhateverComesNext() throws Exception {
        System.out.println("seed " + SEED + ", who " + WHO);
        KAFKA.createOwnTopics();
        KAFKA.createTopic(SOURCE, PARTITIONS);
        apply("1h");
        try (FrontierFollower frontiers = new FrontierFollower(KAFKA.config(), SOURCE)) {
            sendAll(flights());
            sendStrange();
            String before = live(frontiers, Optional.empty(), STAGES, () -> {});
            inference(0, "r1", WHO);
            tag("training-before");
            assertThat(places()).as("the control").containsExactly("kafka", "redis", "savepoints", "tables");
            assertThat(inTables()).as("the control: pages and bounds").hasSizeGreaterThan(2);
            assertThat(inTopics())
                    .as("the control")
                    .anyMatch(file -> file.contains("tidewheel.dead-letters-"))
                    .anyMatch(file -> file.contains("tidewheel.inferences-"));

            assertThat(erase()).as("on the list").isEqualTo(ExitCode.WAITS);
            String after = live(frontiers, Optional.of(before), STAGES, () -> {
                assertThat(erase("--cut", Topics.INFERENCES))
                        .as("the tag is left")
                        .isEqualTo(ExitCode.NOT_SOUND);
                assertThat(command("care", "--table", "raw." + SOURCE, "--release-tag", "training-before"))
                        .isEqualTo(ExitCode.OK);
                assertThat(erase()).as("nothing is left").isEqualTo(ExitCode.OK);
                sendAll(others(2_000));
                awaitRaw();
            });
            delete(Path.of(URI.create(before)));
            care();
            clean();
            awaitNowhere("erased");

            live(frontiers, Optional.empty(), STAGES, () -> {});
            awaitNowhere("from the topic's beginning");

            apply("2h");
            List<String> withCohort = List.of("origin", "origin+destination", "origin@1");
            sendStrange();
            live(frontiers, Optional.of(after), withCohort, () -> {});
            clean();
            awaitNowhere("a cohort, and letters that are sent again");

            loseTopic();
            live(frontiers, Optional.empty(), withCohort, () -> {});
            awaitNowhere("from the raw table");
            assertThat(erase()).as("still gone").isEqualTo(ExitCode.OK);
        }
    }

    /** What happens while the job runs. */
    @FunctionalInterface
    private interface Scene {
        void play() throws Exception;
    }

    /** A life of the job, from where it is started until it has all that was sent; ends with a savepoint. */
    private String live(FrontierFollower frontiers, Optional<String> from, List<String> stages, Scene scene)
            throws Exception {
        long attempt = frontiers.newestAttempt();
        JobClient job = RegisteredJob.start(config(), from);
        frontiers.await(stages, PARALLELISM, sent, attempt);
        awaitRaw();
        scene.play();
        frontiers.await(stages, PARALLELISM, sent, attempt);
        return Savepoints.stop(job, folder.resolve("savepoints"));
    }

    private FeatureJobConfig config() {
        return new FeatureJobConfig(
                SOURCE,
                SOURCE,
                ClockMode.STORY,
                KAFKA.config(),
                new RedisConfig(REDIS.uri(), Duration.ofSeconds(2)),
                warehouse(),
                new FeatureJobConfig.Flush(Duration.ofMillis(5), Duration.ofSeconds(1), 2_000, PATIENCE),
                new FeatureJobConfig.Checkpoint(
                        Duration.ofMillis(250),
                        folder.resolve("savepoints/checkpoints").toUri()),
                PARALLELISM,
                FeatureJobConfig.StateBackend.HASHMAP,
                FeatureJobConfig.Inject.NONE,
                FeatureJobConfig.Changelog.DEFAULT,
                Optional.empty(),
                Optional.of(new ErasureKey(SECRET)),
                FeatureJobConfig.Lost.REFUSE);
    }

    private WarehouseConfig warehouse() {
        return new WarehouseConfig(folder.resolve("tables"), catalog());
    }

    private String catalog() {
        return "jdbc:sqlite:" + folder.resolve("catalog.db") + "?busy_timeout=30000";
    }

    /** @param window of the counts; another is another lineage */
    private void apply(String window) throws Exception {
        Path definitions = Files.createDirectories(folder.resolve("definitions-" + window));
        Files.writeString(
                definitions.resolve("proof.yaml"),
                DEFINITIONS.formatted(TestFlights.SCHEMA.replaceAll("\\s+", " "), window));
        Applier applier = new Applier(KAFKA.config());
        try (LiveProgress progress = LiveProgress.open(KAFKA.config(), List.of(SOURCE), PATIENCE)) {
            JobProgress known = progress.hasRun(SOURCE) ? progress : JobProgress.NONE;
            applier.apply(
                    ApplyPlan.of(Definitions.load(definitions).orThrow().toRegistry(), applier.inForce(), known),
                    Map.of(),
                    0);
        }
    }

    private int erase(String... more) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), SECRET);
        List<String> arguments = new ArrayList<>(List.of(
                "--entity",
                "origin=" + WHO,
                "--erasure-key",
                key.toString(),
                "--bootstrap",
                KAFKA.bootstrap(),
                "--redis",
                REDIS.uri().toString(),
                "--project",
                SOURCE,
                "--tombstone-life",
                "10ms"));
        arguments.addAll(List.of(more));
        return command("erase", arguments.toArray(String[]::new));
    }

    private int command(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(name));
        arguments.addAll(List.of("--warehouse", folder.resolve("tables").toString(), "--catalog", catalog()));
        arguments.addAll(List.of(more));
        return Tidewheel.run(arguments.toArray(String[]::new));
    }

    /** Lets old snapshots go, with their files. */
    private void care() {
        CarePolicy policy =
                new CarePolicy(Duration.ZERO, 1, Optional.empty(), new DataSize(1 << 20), 2, 2, Duration.ofMinutes(10));
        try (Warehouse open = Warehouse.open(warehouse())) {
            WarehouseCare care = new WarehouseCare(open, policy);
            for (int round = 0; round < 2; round++) {
                assertThat(care.run(care.tables(), System.currentTimeMillis()).failed())
                        .isEmpty();
            }
        }
    }

    private void tag(String name) {
        try (Warehouse open = Warehouse.open(warehouse())) {
            open.raw(SOURCE).tag(name, open.raw(SOURCE).newestSnapshot().orElseThrow());
        }
    }

    private void awaitRaw() throws InterruptedException {
        Map<TopicPartition, Long> until = new HashMap<>();
        sent.forEach((partition, next) -> until.put(new TopicPartition(SOURCE, partition), next));
        try (Warehouse open = Warehouse.open(warehouse())) {
            assertThat(new RawCoverage(open, PATIENCE).await(SOURCE, until)).isNotZero();
        }
    }

    /** A fifth of them from the entity, which is nobody's destination. */
    private static List<Flight> flights() {
        return TestFlights.random(SEED, 300).stream()
                .map(flight -> flight.id() % 5 == 0 ? ofWho(flight) : flight)
                .toList();
    }

    private static List<Flight> others(long firstId) {
        return TestFlights.random(SEED, 20).stream()
                .map(flight -> new Flight(
                        flight.id() + firstId,
                        flight.date(),
                        flight.landing(),
                        flight.origin(),
                        flight.destination(),
                        flight.delay()))
                .toList();
    }

    private static Flight ofWho(Flight flight) {
        return new Flight(flight.id(), flight.date(), flight.landing(), WHO, flight.destination(), flight.delay());
    }

    private void sendAll(List<Flight> flights) throws Exception {
        for (Flight flight : flights) {
            send(flight.landing(), flight.avro());
        }
    }

    /** Letters of the entity: one that comes too late, and one without a time. */
    private void sendStrange() throws Exception {
        Flight some = ofWho(TestFlights.random(SEED, 1).get(0));
        Flight late = new Flight(
                5_000 + sent.getOrDefault(0, 0L),
                some.date(),
                some.date() + Duration.ofDays(3).toMillis(),
                WHO,
                some.destination(),
                1);
        send(late.landing(), late.avro());
        GenericRecord untimed = some.record();
        untimed.put("date", null);
        send(some.landing(), TestFlights.bytes(untimed));
    }

    private void send(long timestamp, byte[] value) throws Exception {
        int partition = RANDOM.nextInt(PARTITIONS);
        try (Producer<String, byte[]> producer =
                KafkaClients.producer(KAFKA.config(), PATIENCE, new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(SOURCE, partition, timestamp, null, value))
                    .get();
        }
        sent.merge(partition, 1L, Long::sum);
    }

    private static void inference(int partition, String request, String origin) throws Exception {
        Inference inference = Inference.newBuilder()
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
                .setEntityNames(List.of("origin"))
                .setEntityKeys(List.of(origin))
                .setNumbers(List.of())
                .setIntegers(List.of())
                .setStrings(List.of(origin))
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
        send(Topics.INFERENCES, partition, request, inference, Inference.class);
    }

    private static <T extends SpecificRecord> void send(String topic, int partition, String key, T value, Class<T> type)
            throws Exception {
        try (Producer<String, T> producer = KafkaClients.producer(KAFKA.config(), PATIENCE, RecordSerde.of(type))) {
            producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
        }
    }

    /** The source's topic loses what it had, as by its retention; it has what comes next. */
    private void loseTopic() throws Exception {
        Map<TopicPartition, RecordsToDelete> lost = new HashMap<>();
        sent.forEach((partition, next) ->
                lost.put(new TopicPartition(SOURCE, partition), RecordsToDelete.beforeOffset(next)));
        try (Admin admin = admin()) {
            admin.deleteRecords(lost).all().get();
        }
        sendAll(others(3_000));
    }

    /** What Kafka does within days, at once: segments end, and what is deleted in them goes. */
    private static void clean() throws Exception {
        List<AlterConfigOp> quick = Stream.of(
                        Map.entry("segment.ms", "50"),
                        Map.entry("min.cleanable.dirty.ratio", "0.001"),
                        Map.entry("delete.retention.ms", "1"),
                        Map.entry("file.delete.delay.ms", "1"))
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.DEAD_LETTERS), quick,
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.INFERENCES), quick))
                    .all()
                    .get();
        }
        for (int partition = 0; partition < 4; partition++) {
            DeadLetter letter = DeadLetter.newBuilder()
                    .setTopic("another")
                    .setPartition(partition)
                    .setOffset(System.nanoTime())
                    .setTimestamp(0L)
                    .setStage("decode")
                    .setReason(DeadLetterReason.OTHER)
                    .setDetail("")
                    .build();
            send(Topics.DEAD_LETTERS, partition, DeadLetterKey.of(letter), letter, DeadLetter.class);
            inference(partition, "another", "ORD");
        }
    }

    private static Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.bootstrap()));
    }

    /** Redis and Kafka remove things a little later than they say. */
    private void awaitNowhere(String when) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!places().isEmpty()) {
            assertThat(System.nanoTime())
                    .as("%s: %s, tables %s, topics %s", when, places(), inTables(), inTopics())
                    .isLessThan(end);
        }
    }

    /** Where it is. */
    private List<String> places() throws IOException {
        List<String> places = new ArrayList<>();
        if (!inTopics().isEmpty()) {
            places.add("kafka");
        }
        if (isInRedis()) {
            places.add("redis");
        }
        if (!grep.files(folder.resolve("savepoints")).isEmpty()) {
            places.add("savepoints");
        }
        if (!inTables().isEmpty()) {
            places.add("tables");
        }
        return places;
    }

    private List<Path> inTables() throws IOException {
        return grep.files(folder.resolve("tables"));
    }

    /** The segments that have it, but for those of the user's own topic. */
    private List<String> inTopics() throws IOException {
        return grep.files(KAFKA.folder()).stream()
                .map(file -> KAFKA.folder().relativize(file).toString())
                .filter(file -> !file.contains("/" + SOURCE + "-"))
                .toList();
    }

    private boolean isInRedis() throws IOException {
        try (RedisClient client = RedisClient.create(REDIS.uri().toString());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().configSet("rdbcompression", "no");
            connection.sync().save();
            Path dump = Path.of(connection.sync().configGet("dir").get("dir"), "dump.rdb");
            return grep.isIn(Files.readAllBytes(dump));
        }
    }

    /** As a person does with savepoints that the report names. */
    private static void delete(Path savepoint) throws IOException {
        try (Stream<Path> files = Files.walk(savepoint)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
