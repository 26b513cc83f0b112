package dev.tidewheel.workbench.broker;

import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.OpsConfig;
import java.nio.file.Path;

/**
 * The one broker of a run.
 *
 * @param directory its data; formatted at the first start
 * @param host where clients connect
 * @param port where clients connect
 * @param controllerPort where the broker meets its own controller
 * @param ops metrics and health
 */
public record BrokerConfig(
        Path directory, @Default("127.0.0.1") String host, int port, int controllerPort, OpsConfig ops) {
    public BrokerConfig {
        if (port < 1 || controllerPort < 1) {
            throw new IllegalArgumentException(
                    "port and controllerPort must be positive: other processes are told them");
        }
    }
}
