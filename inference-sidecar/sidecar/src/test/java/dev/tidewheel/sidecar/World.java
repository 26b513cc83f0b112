package dev.tidewheel.sidecar;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.KeyState;
import dev.tidewheel.records.DefinedColumn;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.clock.ClockWriter;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.process.GracefulStop;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.runtime.registry.ServingRecords.Canary;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisServerFixture;
import dev.tidewheel.store.redis.RedisStoreConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar with everything around it: a real broker, a real Redis, the definitions of the flights, a stub for the model
 * server. Owns the waiting.
 */
final class World implements AutoCloseable {
    static final String MODEL = "late-arrival";
    static final String SERVICE = "departure";
    /** Two names of the service's columns and a request column: enough to see that the order is the model's. */
    static final List<String> INPUTS =
            List.of("trend", "origin_delays.mean_delay_3h", "distance", "route_delays.flights_7d");

    static final Path FLIGHTS = Path.of("../../examples/flights");
    static final long LINEAGE = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    final KafkaBrokerFixture kafka;
    final RedisServerFixture redis;
    final StubModelServer modelServer = new StubModelServer().start();
    final Definitions definitions = Definitions.load(FLIGHTS).orThrow();
    final PrometheusRegistry metrics = new PrometheusRegistry();
    /** If set, flights that land are in the states of these definitions too, under the next lineage. */
    Optional<Definitions> moved = Optional.empty();

    /** What tests change of the configuration, before the start. */
    int port;

    Duration modelDeadline = DEADLINE;

    SidecarConfig.Log log = new SidecarConfig.Log(100, true, DEADLINE, Duration.ofSeconds(2));
    SidecarConfig.Arms arms = new SidecarConfig.Arms(64, true);
    Optional<ErasureKey> erasures = Optional.empty();
    SidecarConfig.Inject inject = new SidecarConfig.Inject(Optional.empty(), Optional.empty());

    private final Map<ViewKey, KeyState> states = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final RedisFeatureStore store;
    private GracefulStop stop = GracefulStop.manual("sidecar", DEADLINE);
    private Sidecar sidecar;

    World(KafkaBrokerFixture kafka, RedisServerFixture redis) {
        this.kafka = kafka;
        this.redis = redis;
        this.store = new RedisFeatureStore(new RedisStoreConfig(redis.uri(), "flights", DEADLINE));
    }

    private SidecarConfig config() {
        return new SidecarConfig(
                "flights",
                ClockMode.STORY,
                kafka.config(),
                new RedisConfig(redis.uri(), Duration.ofSeconds(2)),
                new SidecarConfig.Listen("127.0.0.1", port, 65_536, 64),
                new SidecarConfig.ModelServer(modelServer.uri(), modelDeadline, 4, 16),
                MODEL,
                new OpsConfig("127.0.0.1", 0),
                log,
                arms,
                erasures,
                inject);
    }

    World start() throws IOException {
        sidecar = Sidecar.start(config(), stop, metrics);
        return this;
    }

    /** Tells the sidecar to stop, and waits for it. */
    void stop() {
        stop.close();
    }

    /** The same sidecar, anew. */
    World restart() throws IOException {
        stop();
        stop = GracefulStop.manual("sidecar", DEADLINE);
        metrics.clear();
        return startReady();
    }

    World startReady() throws IOException {
        start();
        await("readiness", () -> get("/v2/health/ready"), answer -> answer.statusCode() == 200);
        await("story time", () -> infer(Long.MAX_VALUE, "{}"), answer -> answer.statusCode() == 400);
        return this;
    }

    /** Publishes the definitions and a champion. */
    void publish(String version) {
        publish(champion(definitions, version));
    }

    void publish(List<Definition> published) {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka.config(), DEADLINE)) {
            published.forEach(definition -> publisher.publish(definition, Map.of()));
        }
    }

    /** Says who serves. */
    void publishTraffic(long generation, String champion, @Nullable String shadow, @Nullable Canary canary) {
        publish(List.of(traffic(generation, champion, shadow, canary)));
    }

    static Definition traffic(long generation, String champion, @Nullable String shadow, @Nullable Canary canary) {
        return ServingRecords.traffic(
                MODEL, generation, champion, Optional.ofNullable(shadow), Optional.ofNullable(canary), 0);
    }

    /** Waits until the sidecar has applied it. */
    JsonObject applied(long generation) {
        return await("traffic " + generation, this::traffic, body -> body.getLong("generation") == generation);
    }

    JsonObject traffic() {
        return new JsonObject(get("/tidewheel/v1/models/" + MODEL + "/traffic").body());
    }

    /** Puts an entity on the list of those that are erased. */
    Definition erase(ErasureKey key, String column, String value) {
        return erase(key, Map.of(column, value));
    }

    Definition erase(ErasureKey key, Map<String, String> entity) {
        Definition record = Erasures.record(key, new TreeMap<>(entity), 0);
        publish(List.of(record));
        return record;
    }

    /** Takes a definition from the registry: other tests of the class share it. */
    void remove(String kind, String name) {
        try (RegistryPublisher publisher = new RegistryPublisher(kafka.config(), DEADLINE)) {
            publisher.remove(kind, name);
        }
    }

    /** The definitions, a version of the model, and the alias that makes it champion. */
    static List<Definition> champion(Definitions definitions, String version) {
        List<Definition> published = version(definitions, version, LINEAGE);
        published.add(ServingRecords.champion(MODEL, version, 0));
        return published;
    }

    /** The definitions and a version of the model that was trained on them. */
    static List<Definition> version(Definitions definitions, String version, long delaysLineage) {
        List<Definition> published = new ArrayList<>();
        String serviceHash = "";
        for (RegistryEntry entry : definitions.toRegistry()) {
            Definition definition = definition(entry.kind(), entry.name(), entry.body());
            definition.setHash(entry.hash());
            if (entry.kind().equals("FeatureView")) {
                definition.setLineage(entry.name().equals("origin_delays") ? delaysLineage : LINEAGE);
            }
            published.add(definition);
            serviceHash = entry.kind().equals("FeatureService") ? entry.hash() : serviceHash;
        }
        String inputs = "\"" + String.join("\",\"", INPUTS) + "\"";
        String body = "{\"model\":\"" + MODEL + "\",\"version\":\"" + version + "\",\"artifactDigest\":\"sha256:"
                + version + "\",\"service\":\"" + SERVICE + "\",\"serviceHash\":\"" + serviceHash
                + "\",\"inputs\":[" + inputs + "]}";
        published.add(ServingRecords.modelVersion(MODEL, version, body, Optional.empty(), 0));
        return published;
    }

    /** What the definitions were, for those trained on them. */
    static Definition pin(List<Definition> published) {
        return ServingRecords.servicePin(SERVICE, keyed(published), 0);
    }

    static Map<String, Definition> keyed(List<Definition> published) {
        Map<String, Definition> all = new TreeMap<>();
        published.forEach(definition -> all.put(Registry.key(definition.getKind(), definition.getName()), definition));
        return all;
    }

    /** The flights' definitions after somebody has changed what late means: another view and another service. */
    static Definitions moved(Path folder) throws IOException {
        return changed(
                folder, text -> text.replace("late, expression: 'delay > 15'", "late, expression: 'delay >= 45'"));
    }

    /** The flights' definitions with another service of that name, which does not take the hour. */
    static Definitions withoutHour(Path folder) throws IOException {
        return changed(
                folder,
                text -> text.replace("    - {name: hour, type: int64}\n", "")
                        .replace("      - {name: hour, expression: 'date.getHours()'}\n", "")
                        .replace("'hour >= 17", "'distance >= 17"));
    }

    private static Definitions changed(Path folder, UnaryOperator<String> change) throws IOException {
        try (Stream<Path> files = Files.list(FLIGHTS)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".parquet"))
                    .toList()) {
                Files.writeString(folder.resolve(file.getFileName()), change.apply(Files.readString(file)));
            }
        }
        return Definitions.load(folder).orThrow();
    }

    /** Says which version serves, whether it is there or not. */
    void publishAlias(String version) {
        publish(List.of(ServingRecords.champion(MODEL, version, 0)));
    }

    private static Definition definition(String kind, String name, String body) {
        return Definition.newBuilder()
                .setKind(kind)
                .setName(name)
                .setHash("sha256:" + body.hashCode())
                .setBody(body)
                .setColumns(new ArrayList<DefinedColumn>())
                .setAppliedAt(0)
                .build();
    }

    void tick(long now) throws InterruptedException {
        try (ClockWriter clock = ClockWriter.open(kafka.config(), "test", DEADLINE)) {
            clock.advanceTo(now);
        }
    }

    /** A flight has landed: both views' states of its keys are in the store. */
    void landed(long id, long date, long landing, String origin, String destination, long delay) {
        RowSchema columns = definitions.sourceSchema("flights");
        Row row = new Row(columns.size());
        row.setLong(columns.slot("flight_id"), id)
                .setLong(columns.slot("date"), date)
                .setLong(columns.slot("landing"), landing)
                .setString(columns.slot("origin"), origin)
                .setString(columns.slot("destination"), destination)
                .setLong(columns.slot("distance"), 600)
                .setLong(columns.slot("delay"), delay);
        Change change = new Change(false, EventId.of(id), date, landing, row);
        route(definitions, key("origin_delays", origin), change);
        route(definitions, key("route_delays", origin, destination), change);
        moved.ifPresent(other -> route(other, new ViewKey("origin_delays", LINEAGE + 1, origin), change));
        fillStore();
    }

    static ViewKey key(String view, String... entity) {
        return new ViewKey(view, LINEAGE, EntityKeys.join(List.of(entity)));
    }

    private void route(Definitions definitions, ViewKey key, Change change) {
        states.computeIfAbsent(key, unused -> new KeyState(definitions.viewPlan(key.view())))
                .route(change, false);
    }

    /** Writes all states, as the job does to a store that lost them. */
    void fillStore() {
        Map<ViewKey, StoredState> batch = new HashMap<>();
        states.forEach((key, state) -> batch.put(
                key,
                new StoredState(
                        state.version(),
                        new FlushId(11, 2, state.version().routed()),
                        state.encodeBase(),
                        state.encodeHead())));
        store.write(batch).toCompletableFuture().join();
    }

    KeyState state(ViewKey key) {
        return states.get(key);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> infer(long t, String body) {
        return send(HttpRequest.newBuilder(uri("/v2/models/" + MODEL + "/infer"))
                .header(Admission.TIME_HEADER, Long.toString(t))
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + sidecar.port() + path);
    }

    URI opsUri(String path) {
        return URI.create("http://127.0.0.1:" + sidecar.opsPort() + path);
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request of one row. */
    static String question(String id, String origin, String destination) {
        return question(id, List.of(origin), List.of(destination));
    }

    static String question(String id, List<String> origins, List<String> destinations) {
        int rows = origins.size();
        return "{\"id\":\"" + id + "\",\"inputs\":["
                + input("origin", "BYTES", rows, "\"" + String.join("\",\"", origins) + "\"") + ","
                + input("destination", "BYTES", rows, "\"" + String.join("\",\"", destinations) + "\"") + ","
                + input("distance", "INT64", rows, "600" + ",600".repeat(rows - 1)) + ","
                + input("hour", "INT64", rows, "17" + ",17".repeat(rows - 1)) + "]}";
    }

    static String input(String name, String datatype, int rows, String data) {
        return "{\"name\":\"" + name + "\",\"datatype\":\"" + datatype + "\",\"shape\":[" + rows + "],\"data\":[" + data
                + "]}";
    }

    /** The log of a request, by row, once it has so many rows. */
    List<Inference> logged(String requestId, int rows) {
        return await(
                "the log of " + requestId,
                () -> log().stream()
                        .filter(record -> record.getRequestId().equals(requestId))
                        .sorted(Comparator.comparing(Inference::getRow))
                        .toList(),
                records -> records.size() >= rows);
    }

    /** Everything in the log. */
    List<Inference> log() {
        List<Inference> records = new ArrayList<>();
        try (Consumer<String, Inference> consumer =
                KafkaClients.consumer(kafka.config(), DEADLINE, RecordSerde.of(Inference.class))) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.INFERENCES).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> records.add(record.value()));
            }
        }
        return records;
    }

    /** How many observations a histogram has. */
    long observed(String name, Map<String, String> labels) {
        return metrics.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals(name))
                .flatMap(snapshot -> ((HistogramSnapshot) snapshot).getDataPoints().stream())
                .filter(point -> has(point, labels))
                .mapToLong(HistogramSnapshot.HistogramDataPointSnapshot::getCount)
                .sum();
    }

    private static boolean has(DataPointSnapshot point, Map<String, String> labels) {
        return labels.entrySet().stream()
                .allMatch(label -> label.getValue().equals(point.getLabels().get(label.getKey())));
    }

    /** The sum of a counter over its labels. */
    long count(String name) {
        return count(name, Map.of());
    }

    /** The sum of a counter over its labels but those given. */
    long count(String name, Map<String, String> labels) {
        return metrics.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals(name))
                .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                .filter(point -> has(point, labels))
                .mapToLong(point -> (long) point.getValue())
                .sum();
    }

    /** The value of a gauge with these labels; NaN if there is none. */
    double gauge(String name, Map<String, String> labels) {
        return metrics.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals(name))
                .flatMap(snapshot -> ((GaugeSnapshot) snapshot).getDataPoints().stream())
                .filter(point -> has(point, labels))
                .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Waits for a level, and says what was last seen when it does not come. */
    static <T> T await(String what, Supplier<T> level, Predicate<T> reached) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        T seen = level.get();
        while (!reached.test(seen)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what + "; last seen: " + seen);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            seen = level.get();
        }
        return seen;
    }

    @Override
    public void close() {
        stop.close();
        store.close();
        modelServer.close();
    }
}
