package dev.tidewheel.runtime.config;

import java.util.Map;

/**
 * Where Kafka is.
 *
 * @param bootstrap brokers to ask first, {@code host:port[,host:port]}
 * @param properties further properties of Kafka's clients (security, mostly); they win over ours
 */
public record KafkaConfig(String bootstrap, @Default("{}") Map<String, String> properties) {
    public KafkaConfig {
        if (bootstrap.isBlank()) {
            throw new IllegalArgumentException("bootstrap is empty; write host:port[,host:port]");
        }
        properties = Map.copyOf(properties);
    }

    public KafkaConfig(String bootstrap) {
        this(bootstrap, Map.of());
    }

    @Override
    public String toString() {
        return "KafkaConfig[bootstrap=" + bootstrap + ", properties=" + Secrets.mask(properties) + "]";
    }
}
