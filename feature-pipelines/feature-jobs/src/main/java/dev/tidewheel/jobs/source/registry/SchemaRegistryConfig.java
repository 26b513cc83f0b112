package dev.tidewheel.jobs.source.registry;

import dev.tidewheel.runtime.config.Default;
import dev.tidewheel.runtime.config.Durations;
import dev.tidewheel.runtime.config.Secrets;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Where writers' schemas are found.
 *
 * @param url {@code http[s]://[user:password@]host:port[/path]}, what Confluent's clients call
 *     {@code schema.registry.url}; {@code /schemas/ids/7} is appended
 * @param deadline how long the registry may not answer before the job fails; meanwhile the stream waits
 * @param lag how long the registry may not know yet what a producer has registered; meanwhile the stream waits, then the
 *     record is refused
 */
public record SchemaRegistryConfig(
        URI url,
        @Default("30s") Duration deadline,
        @Default("5s") Duration lag) implements Serializable {
    private static final Set<String> SCHEMES = Set.of("http", "https");

    public SchemaRegistryConfig {
        if (url.getScheme() == null || !SCHEMES.contains(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "not a schema registry's address: '" + Secrets.mask(url.toString()) + "'; write http://host:port");
        }
        if (deadline.isZero() || deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must be positive, such as 30s");
        }
        if (lag.isNegative()) {
            throw new IllegalArgumentException("lag must not be negative, such as 5s");
        }
    }

    @Override
    public String toString() {
        return "SchemaRegistryConfig[url=" + Secrets.mask(url.toString()) + ", deadline=" + Durations.format(deadline)
                + ", lag=" + Durations.format(lag) + "]";
    }
}
