package dev.tidewheel.modelserver;

import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.OpsConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Configuration of a model server.
 *
 * @param registry folder {@code <model>/<version>/model.json} beside {@code model.onnx}
 * @param ops metrics and health
 * @param workers threads that decode, compute and encode; one computation uses one thread
 * @param queue requests that may wait for a worker; one more is answered 503
 * @param deadline from the arrival of a request's last byte; after it the answer is 504
 * @param maxBody largest body of a request; a larger one is answered 413
 * @param maxLoaded versions kept in memory
 * @param poll how often the registry's folder is looked at for new models and versions
 */
public record ModelServerConfig(
        Listen listen,
        Path registry,
        OpsConfig ops,
        @Default("2") int workers,
        @Default("256") int queue,
        @Default("2s") Duration deadline,
        @Default("16MB") DataSize maxBody,
        @Default("8") int maxLoaded,
        @Default("1s") Duration poll) {

    /** Checks the ranges. */
    public ModelServerConfig {
        require(workers >= 1, "workers must be at least 1: " + workers);
        require(queue >= 1, "queue must be at least 1: " + queue);
        require(deadline.toMillis() >= 1, "deadline must be at least 1ms: " + deadline);
        require(poll.toMillis() >= 1, "poll must be at least 1ms: " + poll);
        require(maxBody.bytes() >= 1 && maxBody.bytes() <= 1L << 30, "maxBody must be 1B to 1GB: " + maxBody);
        require(maxLoaded >= 1, "maxLoaded must be at least 1: " + maxLoaded);
    }

    /**
     * Where requests are taken.
     *
     * @param port port to listen on; 0 takes a free one
     */
    public record Listen(@Default("127.0.0.1") String host, int port) {
        /** Checks the port. */
        public Listen {
            require(port >= 0 && port <= 65_535, "not a port: " + port + "; write 0 to 65535");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
