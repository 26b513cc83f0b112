package dev.tidewheel.runtime.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where the online store is.
 *
 * @param uri {@code redis://[user:password@]host:port[/database]}, or {@code rediss://} with TLS
 * @param deadline how long one round trip may take before it counts as failed
 * @param topology {@code standalone} for one server, replicas or not; {@code cluster} for Redis Cluster, where the address
 *     is that of any node
 * @param tombstoneLife how long a deleted key is remembered, longer than any writer may retry; not given: for ever
 */
public record RedisConfig(
        URI uri,
        @Default("1s") Duration deadline,
        @Default("standalone") Topology topology,
        Optional<Duration> tombstoneLife) {
    /** What kind of server the address leads to. */
    public enum Topology {
        /** One server, or one with replicas. */
        STANDALONE,
        /** Redis Cluster. */
        CLUSTER
    }

    private static final Set<String> SCHEMES = Set.of("redis", "rediss", "redis-socket", "redis-sentinel");

    public RedisConfig {
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "not a Redis address: '" + Secrets.mask(uri.toString()) + "'; write redis://host:port");
        }
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must be positive, such as 1s");
        }
        tombstoneLife.ifPresent(life -> {
            if (life.toMillis() < 1) {
                throw new IllegalArgumentException("tombstoneLife must be at least 1ms, such as 7d");
            }
        });
    }

    /** One server, tombstones for ever. */
    public RedisConfig(URI uri, Duration deadline) {
        this(uri, deadline, Topology.STANDALONE, Optional.empty());
    }

    public RedisConfig(String uri, Duration deadline) {
        this(URI.create(uri), deadline);
    }

    @Override
    public String toString() {
        return "RedisConfig[uri=" + Secrets.mask(uri.toString()) + ", deadline=" + Durations.format(deadline)
                + ", topology=" + topology + ", tombstoneLife="
                + tombstoneLife.map(Durations::format).orElse("for ever") + "]";
    }
}
