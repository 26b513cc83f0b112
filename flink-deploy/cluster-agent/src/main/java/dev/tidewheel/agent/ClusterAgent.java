package dev.tidewheel.agent;

import dev.tidewheel.agent.desired.DesiredFollower;
import dev.tidewheel.agent.reconcile.Observations;
import dev.tidewheel.agent.reconcile.Reconciler;
import dev.tidewheel.agent.traffic.TrafficReconciler;
import dev.tidewheel.agent.training.TrainingReconciler;
import dev.tidewheel.runtime.clock.Clock;
import dev.tidewheel.runtime.clock.StoryClock;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.runtime.process.GracefulStop;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running cluster agent: everything wired. */
public final class ClusterAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterAgent.class);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(40);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final GracefulStop stop;
    private final AgentLoop loop;
    private final OpsServer ops;

    private ClusterAgent(GracefulStop stop, AgentLoop loop, OpsServer ops) {
        this.stop = stop;
        this.loop = loop;
        this.ops = ops;
    }

    /** {@code --config FILE}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            System.err.println("usage: cluster-agent --config FILE");
            System.exit(2);
        }
        ClusterAgentConfig config = ConfigLoader.load(Path.of(arguments[1]), ClusterAgentConfig.class);
        GracefulStop stop = GracefulStop.onSignal("cluster-agent", STOP_DEADLINE);
        try {
            ClusterAgent agent = start(config, stop);
            LOG.info(
                    "cluster agent {} works in {}",
                    config.agent(),
                    config.launcher().workDir());
            stop.awaitStop();
            if (agent.loop.failed()) {
                System.exit(1);
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("the cluster agent cannot start: {}", e.getMessage(), e);
            System.exit(1);
        }
    }

    /**
     * Starts all parts; they are closed by {@code stop}. If one cannot start, the others are closed.
     *
     * @throws IOException if an address cannot be listened on
     */
    public static ClusterAgent start(ClusterAgentConfig config, GracefulStop stop) throws IOException {
        try {
            return wire(config, stop);
        } catch (IOException | RuntimeException | Error e) {
            stop.close();
            throw e;
        }
    }

    private static ClusterAgent wire(ClusterAgentConfig config, GracefulStop stop) throws IOException {
        BooleanSupplier clockRuns = () -> true;
        Clock clock = new WallClock();
        if (config.clock() == ClockMode.STORY) {
            StoryClock story = stop.closing("story clock", StoryClock.follow(config.kafka()));
            clock = story;
            clockRuns = story::begun;
        }
        Clock dating = clock;
        Registry registry = stop.closing("registry", Registry.follow(config.kafka()));
        DesiredFollower desired = stop.closing("desired", DesiredFollower.follow(config.kafka()));
        RegistryPublisher publisher = stop.closing("publisher", new RegistryPublisher(config.kafka(), DEADLINE));
        HttpClient http = HttpClient.newBuilder().connectTimeout(DEADLINE).build();
        Map<String, Reconciler> byKind = Map.of(
                "training",
                TrainingReconciler.local(
                        config.launcher(),
                        config.registry(),
                        config.warehouse(),
                        config.modelServer(),
                        http,
                        config.kafka(),
                        DEADLINE,
                        publisher,
                        registry::snapshot,
                        clock),
                "traffic",
                new TrafficReconciler(
                        registry::snapshot,
                        publisher,
                        http,
                        config.sidecars(),
                        clock,
                        new WallClock(),
                        config.trafficDeadline()));
        AgentLoop loop = new AgentLoop(
                config.launcher().workDir(),
                config.poll(),
                registry,
                desired,
                clockRuns,
                () -> Observations.load(dating, config.agent(), config.kafka(), DEADLINE),
                byKind,
                () -> inBackground(stop));
        HealthChecks ready = new HealthChecks()
                .add("agent", loop::health)
                .add("registry", registry::health)
                .add("desired", desired::health);
        HealthChecks live = new HealthChecks().add("process", () -> Health.up("runs"));
        OpsServer ops = stop.closing("ops", OpsServer.start(config.ops(), live, ready));
        stop.closing("loop", loop.start());
        return new ClusterAgent(stop, loop, ops);
    }

    /** Whoever calls is itself waited for by the stop. */
    private static void inBackground(GracefulStop stop) {
        Thread stopper = new Thread(stop::close, "stop-agent");
        stopper.setDaemon(true);
        stopper.start();
    }

    /** Whether this agent is the active one, and why not. */
    public Health health() {
        return loop.health();
    }

    /** The port of metrics and health. */
    public int opsPort() {
        return ops.port();
    }

    @Override
    public void close() {
        stop.close();
    }
}
