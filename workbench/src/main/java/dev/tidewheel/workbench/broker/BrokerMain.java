package dev.tidewheel.workbench.broker;

import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.runtime.process.GracefulStop;
import java.nio.file.Path;
import java.time.Duration;

/** Runs a {@link StoryBroker} until SIGTERM. Usage: {@code BrokerMain --config FILE}. */
public final class BrokerMain {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);

    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            throw new IllegalArgumentException("usage: BrokerMain --config FILE");
        }
        BrokerConfig config = ConfigLoader.load(Path.of(arguments[1]), BrokerConfig.class);
        GracefulStop stop = GracefulStop.onSignal("broker", STOP_DEADLINE);
        stop.closing("broker", StoryBroker.start(config));
        // Health answers only after the broker has started: being there is being ready.
        stop.closing("ops", OpsServer.start(config.ops(), new HealthChecks(), new HealthChecks()));
        stop.awaitStop();
    }
}
