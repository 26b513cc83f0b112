package dev.tidewheel.store.redis;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How to reach the store and how patient to be.
 *
 * @param uri {@code redis://[user:password@]host:port[/database]}, {@code rediss://} with TLS; of a cluster, any node
 * @param project the first part of every key: stores of several projects may share a server. No ':', '{' or '}'
 * @param deadline how long one call to the store may take, all its round trips and repetitions together
 * @param batchKeys at most so many keys per script call: a longer call blocks the server's readers for longer
 * @param topology whether keys must be grouped by slot
 * @param tombstoneLife how long a deleted key is remembered: longer than any writer may retry. Empty: for ever, as in
 *     story time, where the server's clock means nothing
 */
public record RedisStoreConfig(
        URI uri,
        String project,
        Duration deadline,
        int batchKeys,
        Topology topology,
        Optional<Duration> tombstoneLife) {

    /** The default of {@link #batchKeys()}. */
    public static final int BATCH_KEYS = 100;

    /** What kind of server the address leads to. */
    public enum Topology {
        /** One server, or one with replicas: any keys may share a script call. */
        STANDALONE,
        /** Redis Cluster: the keys of a call share a slot. */
        CLUSTER
    }

    public RedisStoreConfig {
        Objects.requireNonNull(uri, "uri");
        StoreKeys.checkName("project", project);
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must be positive, not " + deadline);
        }
        if (batchKeys < 1 || batchKeys > 1000) {
            // Lua's stack holds 8,000 arguments; 1,000 keys with base and head stay clear of it.
            throw new IllegalArgumentException("batchKeys must be between 1 and 1000, not " + batchKeys);
        }
        Objects.requireNonNull(topology, "topology");
        tombstoneLife.ifPresent(RedisStoreConfig::checkLife);
    }

    /** One server, default batches, tombstones for ever. */
    public RedisStoreConfig(URI uri, String project, Duration deadline) {
        this(uri, project, deadline, BATCH_KEYS, Topology.STANDALONE, Optional.empty());
    }

    private static void checkLife(Duration life) {
        if (life.toMillis() < 1) {
            throw new IllegalArgumentException("tombstoneLife must be at least 1 ms, not " + life);
        }
    }
}
