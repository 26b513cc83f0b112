package dev.tidewheel.workbench.stack;

import java.net.URI;
import java.util.Optional;
import java.util.Random;

/**
 * Where everything listens in one run; all on the loopback address.
 *
 * @param kafka for clients
 * @param kafkaController of the broker's own controller
 * @param kafkaOps metrics and health
 * @param redis the store
 * @param flinkRpc of the JobManager
 * @param flinkRest REST and web UI
 * @param jobManagerMetrics Prometheus
 * @param taskManagerMetrics Prometheus
 * @param sidecar inference
 * @param sidecarOps metrics and health
 * @param modelServer inference
 * @param modelServerOps metrics and health
 * @param lifecycleOps metrics and health
 * @param agentOps metrics and health
 * @param workbenchOps metrics and health of the replay
 */
public record Endpoints(
        int kafka,
        int kafkaController,
        int kafkaOps,
        URI redis,
        int flinkRpc,
        int flinkRest,
        int jobManagerMetrics,
        int taskManagerMetrics,
        int sidecar,
        int sidecarOps,
        int modelServer,
        int modelServerOps,
        int lifecycleOps,
        int agentOps,
        int workbenchOps) {
    /** Where everything listens. */
    public static final String HOST = "127.0.0.1";

    /** Takes free ports. */
    static Endpoints free(Optional<URI> redis) {
        FreePorts ports = new FreePorts(new Random());
        return new Endpoints(
                ports.next(),
                ports.next(),
                ports.next(),
                redis.orElseGet(() -> URI.create("redis://" + HOST + ":" + ports.next())),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next(),
                ports.next());
    }

    /** {@code host:port} for Kafka clients. */
    public String bootstrap() {
        return HOST + ":" + kafka;
    }

    /** An address on this machine. */
    public static URI http(int port, String path) {
        return URI.create("http://" + HOST + ":" + port + path);
    }
}
