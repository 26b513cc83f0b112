package dev.tidewheel.monitoring.publish;

import dev.tidewheel.runtime.kafka.Topics;
import java.io.Serializable;

/** Opens what the publisher sends to. Travels in the job graph; the connection does not. */
@FunctionalInterface
public interface PublishConnector extends Serializable {

    /** Connects. The caller closes. */
    Connection open();

    /** For one thread. */
    interface Connection extends AutoCloseable {
        /** Sends a record, some time before {@link #flush} returns. */
        void send(String topic, String key, byte[] value);

        /**
         * Waits until everything sent is acknowledged.
         *
         * @throws dev.tidewheel.runtime.kafka.KafkaUnavailableException if something was not; nobody knows what was
         */
        void flush();

        @Override
        void close();
    }

    /** Where the records of each kind go. */
    static String topic(Outgoing.Kind kind) {
        return switch (kind) {
            case METRIC -> Topics.METRICS;
            case ALERT -> Topics.ALERTS;
            case FRONTIER -> Topics.FRONTIERS;
        };
    }
}
