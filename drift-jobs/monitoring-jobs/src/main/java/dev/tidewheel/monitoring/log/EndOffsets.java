package dev.tidewheel.monitoring.log;

import java.io.Serializable;
import java.util.Set;

/** Knows where Kafka's topics end now. Travels in the job graph; what it opens does not. */
@FunctionalInterface
public interface EndOffsets extends Serializable {

    /** Connects. The caller closes. */
    Connection open();

    /** Asks. For one thread. */
    interface Connection extends AutoCloseable {
        /**
         * The next offsets of all partitions that hold anything.
         *
         * @throws org.apache.kafka.common.KafkaException if Kafka did not answer within the deadline
         */
        Offsets of(Set<Log> logs);

        @Override
        void close();
    }
}
