package dev.tidewheel.runtime.config;

/**
 * Where a process serves its metrics and health over HTTP.
 *
 * @param host address to listen on; {@code 0.0.0.0} where a scraper comes from outside
 * @param port port to listen on; 0 takes a free one
 */
public record OpsConfig(@Default("127.0.0.1") String host, int port) {
    public OpsConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port + "; write 0 to 65535");
        }
    }
}
