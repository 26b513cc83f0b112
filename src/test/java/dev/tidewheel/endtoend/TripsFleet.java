package dev.tidewheel.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.history.books.StoreCheck;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.TopicSpec;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import dev.tidewheel.submission.FlinkSubmitter;
import dev.tidewheel.submission.Submission;
import dev.tidewheel.submission.SubmitOutcome;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.cli.Tidewheel;
import dev.tidewheel.workbench.demo.StoreStates;
import dev.tidewheel.workbench.replay.FrontierTracker;
import dev.tidewheel.workbench.replay.FrontierWait;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.Endpoints;
import dev.tidewheel.workbench.stack.JobSpec;
import dev.tidewheel.workbench.stack.OneMachine;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.stack.Supervisor;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker, Redis and a Flink cluster, each a process, with the feature job of one source of trips; driven by the commands
 * that people use. Owns all waiting. For one thread.
 */
final class TripsFleet implements AutoCloseable {
    private static final String SOURCE = "trips";
    private static final String JOB = "features-" + SOURCE;
    private static final int PARTITIONS = 2;
    private static final int PARALLELISM = 2;
    private static final int STATIONS = 7;
    private static final long FIRST = 978_307_200_000L;
    private static final long MINUTE = 60_000;
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final RunDirectory run;
    private final OneMachine machine;
    private final Supervisor supervisor;
    private final JobSpec job;
    private final KafkaConfig kafka;
    private final Map<TopicPartition, Long> sent = new HashMap<>();
    private int trips;

    private TripsFleet(String name) throws InterruptedException {
        Checkout checkout = Checkout.find();
        run = new RunDirectory(checkout.root().resolve(".tidewheel").resolve("test-" + name));
        run.clear();
        machine = new OneMachine(checkout, run, Optional.empty());
        supervisor = new Supervisor(run.logs(), run.pids());
        supervisor.start(machine.infrastructure(PARALLELISM));
        kafka = new KafkaConfig(machine.endpoints().bootstrap());
        job = machine.featureJob(SOURCE, SOURCE, PARALLELISM, Map.of());
        List<TopicSpec> topics = new ArrayList<>(Topics.all());
        topics.add(Topics.replayed(SOURCE, PARTITIONS));
        new TopicCreator(kafka, DEADLINE).ensure(topics);
    }

    /** Starts all but the job. */
    static TripsFleet start(String name) throws InterruptedException {
        return new TripsFleet(name);
    }

    /** Runs a command that needs Kafka, and returns its exit code. */
    int tidewheel(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--bootstrap", kafka.bootstrap()));
        return Tidewheel.run(line.toArray(String[]::new));
    }

    /** Retires a lineage as far as can be done now, and returns the exit code. */
    int retire(String lineage, String... more) {
        List<String> line = new ArrayList<>(List.of("retire", lineage, "--project", SOURCE, "--redis", redis()));
        line.addAll(List.of(more));
        return tidewheel(line.toArray(String[]::new));
    }

    /** Submits the job, from nothing. */
    void submit() throws InterruptedException {
        FlinkSubmitter flink = new FlinkSubmitter(flink(), DEADLINE);
        flink.awaitSlots(PARALLELISM, DEADLINE);
        SubmitOutcome outcome = flink.submit(new Submission(
                job.jar(), job.entryClass(), List.of("--config", job.config().toString()), Optional.empty()));
        assertThat(outcome).isInstanceOf(SubmitOutcome.Accepted.class);
        flink.awaitRunning(((SubmitOutcome.Accepted) outcome).job(), DEADLINE);
    }

    /** Stops the job with a savepoint and starts it from there. */
    void restart() {
        assertThat(Tidewheel.run(
                        "jobs",
                        "restart",
                        JOB,
                        "--flink",
                        flink().toString(),
                        "--jar",
                        job.jar().toString(),
                        "--config",
                        job.config().toString(),
                        "--savepoints",
                        run.root().resolve("savepoints").toUri().toString()))
                .isZero();
    }

    /** Sends so many more trips and waits until stages contain all that was ever sent. */
    void send(int count, String... stages) throws Exception {
        List<Future<RecordMetadata>> unconfirmed = new ArrayList<>();
        try (Producer<String, byte[]> producer = KafkaClients.producer(kafka, DEADLINE, new ByteArraySerializer())) {
            for (int end = trips + count; trips < end; trips++) {
                TopicPartition partition = new TopicPartition(SOURCE, trips % PARTITIONS);
                long known = FIRST + trips * MINUTE + (trips % 11) * MINUTE;
                unconfirmed.add(producer.send(
                        new ProducerRecord<>(SOURCE, partition.partition(), known, null, trip(trips, known))));
                sent.merge(partition, 1L, Long::sum);
            }
            for (Future<RecordMetadata> each : unconfirmed) {
                each.get();
            }
        }
        try (FrontierWait frontiers = new FrontierWait(
                KafkaClients.bytesConsumer(kafka, DEADLINE),
                Topics.FRONTIERS,
                new FrontierTracker(SOURCE, Set.of(stages)),
                DEADLINE,
                this::requireAlive)) {
            frontiers.await(sent);
        }
    }

    private static byte[] trip(int number, long known) {
        return String.format(
                        Locale.ROOT,
                        "{\"id\": \"t%d\", \"at\": %d, \"known\": %d, \"station\": \"S%d\", \"minutes\": %d}",
                        number,
                        FIRST + number * MINUTE,
                        known,
                        number * 31 % STATIONS,
                        number * 17 % 90)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The lineage of a view that readers use. */
    long pointer(String view) throws InterruptedException {
        Definition inForce = new Applier(kafka).inForce().get("FeatureView/" + view);
        return Objects.requireNonNull(inForce).getLineage();
    }

    /** How many keys the store has of a lineage. */
    int keys(String view, long lineage) {
        try (RedisFeatureStore store = store()) {
            return store.entities(view, lineage).size();
        }
    }

    /** Every value of every key of a lineage equals the naive oracle's of a definition, from all trips in the raw table. */
    void assertEqualsOracle(Path definitions, String view, long lineage) throws Exception {
        Definitions declared = Definitions.load(definitions).orThrow();
        ChangeHistory raw = allTrips(SourceColumns.of(declared.source(SOURCE)));
        long end = FIRST + (trips + 11) * MINUTE;
        try (RedisFeatureStore store = store()) {
            StoreCheck.Outcome outcome = new StoreCheck(declared.viewPlan(view), raw, Set.of())
                    .compare(
                            new StoreStates(store, declared.viewPlan(view), lineage),
                            List.of(end, end + 20 * MINUTE, end + 3_000 * MINUTE));
            assertThat(outcome.isEqual())
                    .as("%s@%d: %s", view, lineage, outcome)
                    .isTrue();
            assertThat(outcome.keys()).isEqualTo(STATIONS);
        }
    }

    private ChangeHistory allTrips(SourceColumns columns) throws IOException {
        try (Warehouse warehouse = Warehouse.open(machine.warehouse())) {
            long end = System.nanoTime() + DEADLINE.toNanos();
            ChangeHistory raw = warehouse.raw(SOURCE).readNewest(columns);
            while (raw.size() < trips) {
                assertThat(System.nanoTime())
                        .as("%d of %d trips in the raw table", raw.size(), trips)
                        .isLessThan(end);
                requireAlive();
                LockSupport.parkNanos(LOOK.toNanos());
                raw = warehouse.raw(SOURCE).readNewest(columns);
            }
            return raw;
        }
    }

    /** What the TaskManager said. */
    String taskManagerLog() throws IOException {
        return Files.readString(run.logs().resolve(OneMachine.TASK_MANAGER + ".log"));
    }

    private void requireAlive() {
        supervisor.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    private RedisFeatureStore store() {
        return new RedisFeatureStore(new RedisStoreConfig(machine.endpoints().redis(), SOURCE, DEADLINE));
    }

    private String redis() {
        return machine.endpoints().redis().toString();
    }

    private URI flink() {
        return Endpoints.http(machine.endpoints().flinkRest(), "");
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
