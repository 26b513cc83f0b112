package dev.tidewheel.sidecar;

import dev.tidewheel.runtime.config.ClockMode;
import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.config.RedisConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How a sidecar runs.
 *
 * @param project the project whose keys it reads in the online store
 * @param clock where the time of a request comes from
 * @param kafka the registry and the log
 * @param redis the online store
 * @param listen where callers send requests
 * @param modelServer the server that it stands beside
 * @param model the model's name; the versions that its traffic on the registry names are asked
 * @param ops metrics and health
 * @param log the log of inferences
 * @param arms how canaries and shadows are treated
 * @param erasures the key of the list of erased entities; needed as soon as one is erased
 * @param inject faults for testing the parity detector; never in production
 */
public record SidecarConfig(
        String project,
        @Default("wall") ClockMode clock,
        KafkaConfig kafka,
        RedisConfig redis,
        Listen listen,
        ModelServer modelServer,
        String model,
        OpsConfig ops,
        @Default("{}") Log log,
        @Default("{}") Arms arms,
        Optional<ErasureKey> erasures,
        @Default("{}") Inject inject) {
    public SidecarConfig {
        if (inject.isAny() && clock != ClockMode.STORY) {
            throw new IllegalArgumentException(
                    "inject makes answers wrong on purpose and is for clock: story only; remove it");
        }
    }

    /**
     * @param host address to listen on
     * @param port port to listen on; 0 takes a free one
     * @param maxBodyBytes larger requests are refused with 413
     * @param maxRows more rows in one request are refused with 400
     */
    public record Listen(
            @Default("127.0.0.1") String host,
            int port,
            @Default("1048576") int maxBodyBytes,
            @Default("1024") int maxRows) {}

    /**
     * @param uri {@code http://host:port}
     * @param deadline how long an answer may take
     * @param connections at most so many at once
     * @param waiting at most so many requests wait for a connection; more are refused
     */
    public record ModelServer(
            URI uri,
            @Default("2s") Duration deadline,
            @Default("32") int connections,
            @Default("256") int waiting) {
        public ModelServer {
            if (uri.getHost() == null || uri.getPort() < 0) {
                throw new IllegalArgumentException("not an address: '" + uri + "'; write http://host:port");
            }
        }
    }

    /**
     * @param queue at most so many records wait for Kafka; more are dropped and counted
     * @param acknowledge whether an answer waits until Kafka has its record: then whoever got an answer finds it in the
     *     log, whatever happens to the sidecar. Off, logging is never in the way.
     * @param deadline how long Kafka may take before a record counts as dropped
     * @param closeDeadline how long a stop waits for Kafka; what is left then counts as dropped. A process that is killed
     *     takes what waits, and its counts, with it.
     */
    public record Log(
            @Default("10000") int queue,
            @Default("false") boolean acknowledge,
            @Default("30s") Duration deadline,
            @Default("5s") Duration closeDeadline) {
        public Log {
            if (queue <= 0) {
                throw new IllegalArgumentException("log.queue must be positive, got " + queue);
            }
        }
    }

    /**
     * @param shadows at most so many requests are with the shadow at once; more are not asked, and counted
     * @param fallback whether the champion answers what the canary failed on; off, the caller gets the canary's error
     */
    public record Arms(
            @Default("64") int shadows, @Default("true") boolean fallback) {
        public Arms {
            if (shadows <= 0) {
                throw new IllegalArgumentException("arms.shadows must be positive, got " + shadows);
            }
        }
    }

    /**
     * @param boundary {@code le} reads as if a window included its end
     * @param stale states are served from a cache for so long
     */
    public record Inject(Optional<Boundary> boundary, Optional<Duration> stale) {
        boolean isAny() {
            return boundary.filter(Boundary.LE::equals).isPresent() || stale.isPresent();
        }

        /** How a window's end is treated. */
        public enum Boundary {
            /** As specified: event time before the time asked. */
            LT,
            /** Wrongly: up to and including it. */
            LE
        }
    }
}
