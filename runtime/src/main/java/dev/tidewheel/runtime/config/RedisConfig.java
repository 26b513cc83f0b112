package dev.tidewheel.runtime.config;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Where the online store is.
 *
 * @param uri {@code redis://[user:password@]host:port[/database]}, or {@code rediss://} with TLS
 * @param deadline how long one round trip may take before it counts as failed
 */
public record RedisConfig(URI uri, @Default("1s") Duration deadline) {
    private static final Set<String> SCHEMES = Set.of("redis", "rediss", "redis-socket", "redis-sentinel");

    public RedisConfig {
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "not a Redis address: '" + Secrets.mask(uri.toString()) + "'; write redis://host:port");
        }
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must be positive, such as 1s");
        }
    }

    public RedisConfig(String uri, Duration deadline) {
        this(URI.create(uri), deadline);
    }

    @Override
    public String toString() {
        return "RedisConfig[uri=" + Secrets.mask(uri.toString()) + ", deadline=" + Durations.format(deadline) + "]";
    }
}
