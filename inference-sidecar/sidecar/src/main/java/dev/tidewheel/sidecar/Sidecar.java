package dev.tidewheel.sidecar;

import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.clock.Clock;
import dev.tidewheel.runtime.clock.StoryClock;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.RedisConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.runtime.process.GracefulStop;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.store.FeatureReader;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.store.redis.RedisStoreConfig;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running sidecar: everything wired, listening. */
public final class Sidecar implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
    /** For reading features, beyond the deadline of the model. */
    private static final Duration SHADOW_SLACK = Duration.ofSeconds(1);

    private final GracefulStop stop;
    private final SidecarServer server;
    private final OpsServer ops;

    private Sidecar(GracefulStop stop, SidecarServer server, OpsServer ops) {
        this.stop = stop;
        this.server = server;
        this.ops = ops;
    }

    /** {@code --config FILE}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            System.err.println("usage: sidecar --config FILE");
            System.exit(2);
        }
        SidecarConfig config = ConfigLoader.load(Path.of(arguments[1]), SidecarConfig.class);
        GracefulStop stop = GracefulStop.onSignal("sidecar", STOP_DEADLINE);
        try {
            Sidecar sidecar = start(config, stop, PrometheusRegistry.defaultRegistry);
            LOG.info("sidecar of model {} listens on port {}", config.model(), sidecar.port());
        } catch (IOException
                | RuntimeException
                | Error e) { // Threads that are not daemons must not keep a corpse alive.
            LOG.error("the sidecar cannot start: {}", e.getMessage(), e);
            System.exit(1);
        }
        stop.awaitStop();
    }

    /**
     * Starts all parts; they are closed by {@code stop}, the listening one first. If one cannot start, the others are
     * closed.
     *
     * @throws IOException if an address cannot be listened on
     */
    public static Sidecar start(SidecarConfig config, GracefulStop stop, PrometheusRegistry prometheus)
            throws IOException {
        try {
            return wire(config, stop, new SidecarMetrics(prometheus));
        } catch (IOException | RuntimeException | Error e) {
            stop.close();
            throw e;
        }
    }

    private static Sidecar wire(SidecarConfig config, GracefulStop stop, SidecarMetrics metrics) throws IOException {
        if (config.inject().isAny()) {
            LOG.warn("faults are injected on purpose, answers are wrong: {}", config.inject());
        }
        metrics.injecting(config.inject().isAny());
        InferenceLog log = stop.closing("inference log", new InferenceLog(producer(config), config.log(), metrics));
        Registry registry = stop.closing("registry", Registry.follow(config.kafka()));
        ErasureFollower erasures = new ErasureFollower(registry, config.erasures());
        metrics.following(erasures, registry);
        TrafficFollower traffic = new TrafficFollower(registry, config.model());
        RedisStoreConfig store = storeConfig(config);
        LateStore redis = stop.closing("store", new LateStore(() -> new RedisFeatureStore(store)));
        Vertx vertx = Vertx.vertx();
        stop.closing("vertx", () -> vertx.close().await(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS));
        Map<Arm, ModelClient> models = new EnumMap<>(Arm.class);
        for (Arm arm : Arm.values()) {
            ModelClient client = new ModelClient(vertx, config.modelServer());
            models.put(arm, stop.closing("model client of the " + arm.label(), client));
        }
        ModelClient champion = Objects.requireNonNull(models.get(Arm.CHAMPION));
        VersionGate.start(vertx, traffic, champion, config.model());
        Scoring scoring = new Scoring(
                new VectorReader(stale(config, redis), shift(config)),
                models,
                new InferenceRecords(ConfigHash.of(config), erasures.keyId()),
                log,
                metrics);
        Shadows shadows = stop.closing(
                "shadows",
                new Shadows(
                        scoring,
                        config.arms().shadows(),
                        config.modelServer().deadline().plus(SHADOW_SLACK),
                        metrics));
        InferHandler handler = new InferHandler(
                traffic::current,
                admission(config, stop),
                new WallClock(),
                new InferRequestParser(
                        config.listen().maxRows(), () -> UUID.randomUUID().toString()),
                erasures,
                scoring,
                shadows,
                new InferHandler.Rules(config.log().acknowledge(), config.arms().fallback()),
                metrics);
        HealthChecks ready = new HealthChecks()
                .add("serving", traffic::health)
                .add("store", redis::health)
                .add("erasures", erasures::health);
        HealthChecks live = new HealthChecks().add("process", () -> Health.up("runs"));
        OpsServer ops = stop.closing("ops", OpsServer.start(config.ops(), live, ready));
        ModelProxy proxy = new ModelProxy(champion.http(), config.modelServer().deadline(), metrics);
        SidecarServer server =
                stop.closing("http", SidecarServer.start(vertx, config, handler, proxy, traffic, ready, metrics));
        return new Sidecar(stop, server, ops);
    }

    /** The port that callers use. */
    public int port() {
        return server.port();
    }

    /** The port of metrics and health. */
    public int opsPort() {
        return ops.port();
    }

    @Override
    public void close() {
        stop.close();
    }

    private static Producer<String, Inference> producer(SidecarConfig config) {
        return KafkaClients.producer(config.kafka(), config.log().deadline(), RecordSerde.of(Inference.class));
    }

    private static FeatureReader stale(SidecarConfig config, FeatureReader store) {
        return config.inject()
                .stale()
                .<FeatureReader>map(keep -> new StaleReader(store, keep, System::nanoTime))
                .orElse(store);
    }

    private static long shift(SidecarConfig config) {
        boolean closedEnd = config.inject()
                .boundary()
                .filter(SidecarConfig.Inject.Boundary.LE::equals)
                .isPresent();
        return closedEnd ? 1 : 0;
    }

    private static RedisStoreConfig storeConfig(SidecarConfig config) {
        RedisConfig redis = config.redis();
        RedisStoreConfig.Topology topology = switch (redis.topology()) {
            case STANDALONE -> RedisStoreConfig.Topology.STANDALONE;
            case CLUSTER -> RedisStoreConfig.Topology.CLUSTER;
        };
        return new RedisStoreConfig(
                redis.uri(),
                config.project(),
                redis.deadline(),
                RedisStoreConfig.BATCH_KEYS,
                topology,
                redis.tombstoneLife());
    }

    private static Admission admission(SidecarConfig config, GracefulStop stop) {
        if (config.clock() == ClockMode.WALL) {
            Clock wall = new WallClock();
            return new Admission.Wall(wall);
        }
        return new Admission.Story(stop.closing("story clock", StoryClock.follow(config.kafka())));
    }
}
