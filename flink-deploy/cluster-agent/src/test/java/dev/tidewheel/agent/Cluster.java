package dev.tidewheel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tidewheel.agent.training.FakeTrainer;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.DesiredState;
import dev.tidewheel.records.Observation;
import dev.tidewheel.runtime.await.Await;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicFollower;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** All around an agent: topics with the definitions of the flights, a model server, a sidecar, and agents as processes. */
final class Cluster implements AutoCloseable {
    static final String MODEL = "late-arrival";

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final KafkaBrokerFixture kafka;
    private final Path folder;
    private final HttpServer http;
    private final Map<String, Observation> latest = new ConcurrentHashMap<>();
    private final List<Observation> all = new ArrayList<>();
    private final TopicFollower observations;
    private final Registry registry;
    private final List<Process> agents = new ArrayList<>();
    private volatile long applied;

    Cluster(KafkaBrokerFixture kafka, Path folder) throws Exception {
        this.kafka = kafka;
        this.folder = folder;
        Files.createDirectories(folder.resolve("control"));
        Files.writeString(folder.resolve("trainer.classpath"), System.getProperty("java.class.path"));
        kafka.createOwnTopics();
        kafka.createTopic("flights", 2);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/v2/models/", exchange -> {
            String[] path = exchange.getRequestURI().getPath().split("/");
            boolean there =
                    Files.exists(models().resolve(path[3]).resolve(path[5]).resolve("model.json"));
            exchange.sendResponseHeaders(there ? 200 : 404, -1);
            exchange.close();
        });
        http.createContext("/tidewheel/v1/models/" + MODEL + "/traffic", exchange -> {
            byte[] body = ("{\"generation\":" + applied + "}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        RecordSerde<Observation> serde = RecordSerde.of(Observation.class);
        observations =
                TopicFollower.start(kafka.config(), Topics.OBSERVATIONS, TopicFollower.Start.BEGINNING, record -> {
                    Observation seen = serde.decode(record.value());
                    synchronized (all) {
                        all.add(seen);
                        latest.put(seen.getSlot(), seen);
                        all.notifyAll();
                    }
                });
        registry = Registry.follow(kafka.config()).awaitLoaded(DEADLINE);
    }

    Path models() {
        return folder.resolve("models");
    }

    Path run(String run) {
        return folder.resolve("work").resolve(run);
    }

    /** Publishes the definitions of the example. */
    void applyDefinitions() {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka.config(), DEADLINE)) {
            for (RegistryEntry entry :
                    Definitions.load(Path.of("../../examples/flights")).toRegistry()) {
                publisher.publish(
                        new Definition(
                                entry.kind(),
                                entry.name(),
                                entry.hash(),
                                entry.body(),
                                entry.kind().equals("FeatureView") ? 3L : 0L,
                                entry.columns().stream()
                                        .map(column -> new DefinedColumn(
                                                column.name(), column.type().name()))
                                        .toList(),
                                1L),
                        Map.of());
            }
        }
    }

    /** Starts an agent as a process. */
    Process startAgent() throws IOException {
        Map<String, Object> config = Map.of(
                "kafka", Map.of("bootstrap", kafka.bootstrap()),
                "ops", Map.of("port", 0),
                "agent", "agent-" + agents.size(),
                "launcher",
                        Map.of(
                                "classPath", folder.resolve("trainer.classpath").toString(),
                                "main", FakeTrainer.class.getName(),
                                "options", List.of("-Dcontrol=" + folder.resolve("control")),
                                "workDir", folder.resolve("work").toString(),
                                "heap", "64MB",
                                "starts", 2),
                "registry", models().toString(),
                "warehouse", Map.of("path", folder.resolve("tables").toString(), "catalog", "jdbc:sqlite:catalog.db"),
                "modelServer", address(),
                "sidecars", List.of(address()),
                "poll", "20ms");
        Path file = folder.resolve("agent-" + agents.size() + ".yaml");
        JSON.writeValue(file.toFile(), config);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tidewheel.records",
                        ClusterAgent.class.getName(),
                        "--config",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("agent.log").toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process agent = builder.start();
        agents.add(agent);
        return agent;
    }

    /** Ends an agent without warning. */
    void kill(Process agent) throws InterruptedException {
        agent.destroyForcibly();
        assertThat(agent.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    void desire(String slot, long generation, DesiredState state, String kind, String spec) throws Exception {
        Desired record = new Desired(
                MODEL, slot, generation, state, kind, spec, "sha256:" + spec.hashCode(), "sha256:d", 0, 0L, 1L);
        send(Topics.DESIRED, MODEL + "/" + slot, record, Desired.class);
    }

    void train(String run, long generation, DesiredState state) throws Exception {
        String spec = """
                {"model":"late-arrival","version":"%s","retraining":"weekly",
                 "train":{"from":"2001-01-08T00:00:00Z","to":"2001-02-02T00:00:00Z"},
                 "gate":{"from":"2001-02-02T00:00:00Z","to":"2001-02-05T00:00:00Z","against":["1"]},
                 "knownBy":"2001-02-05T00:00:00Z"}""".formatted(run);
        desire("training/" + run, generation, state, "training", spec);
    }

    /** An event of the source, whatever it says. */
    void event(int partition) throws Exception {
        try (Producer<String, Desired> producer =
                KafkaClients.producer(kafka.config(), DEADLINE, RecordSerde.of(Desired.class))) {
            producer.send(new ProducerRecord<>("flights", partition, "key", null))
                    .get();
        }
    }

    /** Tells a run's trainer what to do. */
    void tell(String run, String order) throws IOException {
        Files.writeString(folder.resolve("control").resolve(run), order);
    }

    /** The PIDs of all trainers that a run has had. */
    List<Long> trainers(String run) throws IOException {
        Path pids = folder.resolve("control").resolve(run + ".pids");
        return Files.exists(pids)
                ? Files.readAllLines(pids).stream().map(Long::valueOf).toList()
                : List.of();
    }

    /** Waits until so many trainers of a run have begun to work. */
    List<Long> awaitTrainers(String run, int count) throws Exception {
        return Await.level(
                "trainer " + count + " of " + run, () -> trainers(run), started -> started.size() >= count, this::log);
    }

    /** Waits until the newest observation of a slot is such. */
    Observation await(String slot, Predicate<Observation> wanted) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        synchronized (all) {
            while (latest.get(slot) == null || !wanted.test(latest.get(slot))) {
                long left = (end - System.nanoTime()) / 1_000_000;
                assertThat(left)
                        .as("newest of %s: %s; %s", slot, latest.get(slot), log())
                        .isPositive();
                all.wait(Math.max(1, left));
            }
            return latest.get(slot);
        }
    }

    /** All observations of a slot so far. */
    List<Observation> seen(String slot) {
        synchronized (all) {
            return all.stream().filter(seen -> seen.getSlot().equals(slot)).toList();
        }
    }

    Registry registry() {
        return registry;
    }

    /** The sidecar applies a generation from now on. */
    void apply(long generation) {
        applied = generation;
    }

    @Override
    public void close() {
        agents.forEach(Process::destroyForcibly);
        observations.close();
        registry.close();
        http.stop(0);
    }

    private String address() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    private String log() throws IOException {
        Path log = folder.resolve("agent.log");
        return Files.exists(log) ? Files.readString(log) : "no log";
    }

    private <T extends SpecificRecord> void send(String topic, String key, T record, Class<T> type) throws Exception {
        try (Producer<String, T> producer = KafkaClients.producer(kafka.config(), DEADLINE, RecordSerde.of(type))) {
            producer.send(new ProducerRecord<>(topic, key, record)).get();
        }
    }
}
