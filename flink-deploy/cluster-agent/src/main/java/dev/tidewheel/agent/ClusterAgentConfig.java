package dev.tidewheel.agent;

import dev.tidewheel.agent.training.LauncherConfig;
import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the cluster agent runs.
 *
 * @param clock what observations are dated by; deadlines are wall time in both modes
 * @param kafka all topics, the sources' too
 * @param ops metrics and health
 * @param agent the name in observations
 * @param launcher how trainings run
 * @param registry folder of registered models, where the trainer writes and the model server reads
 * @param warehouse with the raw tables that trainings read
 * @param modelServer asked whether a new version is loaded
 * @param sidecars asked which traffic they apply, each at its public port
 * @param trafficDeadline within which all sidecars must apply what was published, wall time
 * @param poll pause between two looks at everything
 */
public record ClusterAgentConfig(
        @Default("wall") ClockMode clock,
        KafkaConfig kafka,
        OpsConfig ops,
        @Default("agent") String agent,
        LauncherConfig launcher,
        Path registry,
        WarehouseConfig warehouse,
        URI modelServer,
        @Default("[]") List<URI> sidecars,
        @Default("2m") Duration trafficDeadline,
        @Default("100ms") Duration poll) {
    public ClusterAgentConfig {
        sidecars = List.copyOf(sidecars);
        requireHttp("modelServer", modelServer);
        sidecars.forEach(sidecar -> requireHttp("sidecars", sidecar));
        if (agent.isBlank()) {
            throw new IllegalArgumentException("agent is empty; write a name, or leave it out");
        }
        if (trafficDeadline.toMillis() < 1) {
            throw new IllegalArgumentException("trafficDeadline must be at least 1ms");
        }
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException("poll must be at least 1ms");
        }
    }

    private static void requireHttp(String what, URI address) {
        if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
            throw new IllegalArgumentException(what + ": '" + address + "' is no address; write http://host:port");
        }
    }
}
