package dev.tidewheel.lifecycle;

import dev.tidewheel.lifecycle.streams.LifecycleMetrics;
import dev.tidewheel.lifecycle.streams.LifecycleTopology;
import dev.tidewheel.lifecycle.streams.StreamsSettings;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.runtime.process.GracefulStop;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running lifecycle: it folds the inbox, and forwards to it what others publish. It holds no credentials but Kafka's,
 * and does nothing but write records: an agent makes the cluster so.
 *
 * <p>Kafka Streams retries by itself while Kafka is away. What it cannot retry (a state that cannot be read, a topic with
 * other partitions) stops it: liveness goes down, a {@code main} ends with 1, and whoever supervises it starts it again;
 * positions and states are as of the last transaction.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
    private static final Duration TOPICS_DEADLINE = Duration.ofSeconds(60);

    private final GracefulStop stop;
    private final KafkaStreams streams;
    private final OpsServer ops;

    private Lifecycle(GracefulStop stop, KafkaStreams streams, OpsServer ops) {
        this.stop = stop;
        this.streams = streams;
        this.ops = ops;
    }

    /** {@code --config FILE}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            System.err.println("usage: lifecycle --config FILE");
            System.exit(2);
        }
        LifecycleConfig config = ConfigLoader.load(Path.of(arguments[1]), LifecycleConfig.class);
        GracefulStop stop = GracefulStop.onSignal("lifecycle", STOP_DEADLINE);
        Lifecycle lifecycle = null;
        try {
            lifecycle = start(config, stop, PrometheusRegistry.defaultRegistry);
            LOG.info("lifecycle {} runs, health on port {}", config.applicationId(), lifecycle.opsPort());
        } catch (IOException
                | RuntimeException
                | Error e) { // Threads that are not daemons must not keep a corpse alive.
            LOG.error("the lifecycle cannot start: {}", e.getMessage(), e);
            System.exit(1);
        }
        stop.awaitStop();
        if (lifecycle != null && lifecycle.failed()) {
            System.exit(1);
        }
    }

    /**
     * Starts all parts; they are closed by {@code stop}. If one cannot start, the others are closed. When the fold fails
     * for good, {@code stop} is closed too.
     *
     * @throws IOException if the address of metrics and health cannot be listened on
     */
    public static Lifecycle start(LifecycleConfig config, GracefulStop stop, PrometheusRegistry prometheus)
            throws IOException {
        try {
            return wire(config, stop, new LifecycleMetrics(prometheus));
        } catch (IOException | RuntimeException | Error e) {
            stop.close();
            throw e;
        }
    }

    private static Lifecycle wire(LifecycleConfig config, GracefulStop stop, LifecycleMetrics metrics)
            throws IOException {
        new TopicCreator(config.kafka(), TOPICS_DEADLINE).ensure(Topics.all());
        Optional<Duration> tick = config.clock() == ClockMode.WALL ? Optional.of(config.tick()) : Optional.empty();
        KafkaStreams streams = new KafkaStreams(
                LifecycleTopology.build(tick, metrics),
                StreamsSettings.of(config.kafka(), config.applicationId(), config.stateDir()));
        stop.closing(
                "streams",
                () -> streams.close(CloseOptions.timeout(STOP_DEADLINE)
                        .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)));
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("the lifecycle cannot go on", failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            LOG.info("streams: {} → {}", before, now);
            if (now == KafkaStreams.State.ERROR) {
                stopBeside(stop);
            }
        });
        HealthChecks live = new HealthChecks().add("streams", () -> live(streams.state()));
        HealthChecks ready = new HealthChecks().add("streams", () -> ready(streams.state()));
        OpsServer ops = stop.closing("ops", OpsServer.start(config.ops(), live, ready));
        streams.start();
        return new Lifecycle(stop, streams, ops);
    }

    /** The port of metrics and health. */
    public int opsPort() {
        return ops.port();
    }

    /** Whether it has work assigned and does it. */
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether it stopped because it could not go on. */
    public boolean failed() {
        return streams.state() == KafkaStreams.State.ERROR || streams.state() == KafkaStreams.State.PENDING_ERROR;
    }

    @Override
    public void close() {
        stop.close();
    }

    /** Not in the thread that reports: closing waits for that one. */
    private static void stopBeside(GracefulStop stop) {
        Thread closer = new Thread(stop::close, "lifecycle-failed");
        closer.setDaemon(true);
        closer.start();
    }

    private static Health live(KafkaStreams.State state) {
        return switch (state) {
            case PENDING_ERROR, ERROR -> Health.down("streams are in " + state + "; the log says why");
            default -> Health.up("streams are in " + state);
        };
    }

    private static Health ready(KafkaStreams.State state) {
        return state == KafkaStreams.State.RUNNING
                ? Health.up("the inbox is folded")
                : Health.down("streams are in " + state);
    }
}
