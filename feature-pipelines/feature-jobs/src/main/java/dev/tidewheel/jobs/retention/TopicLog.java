package dev.tidewheel.jobs.retention;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;

/** Opens what knows the ends of a topic's partitions. Travels in the job graph; what it opens does not. */
@FunctionalInterface
public interface TopicLog extends Serializable {

    /** Connects. The caller closes it. */
    Looker open();

    /** Looks at a topic; called by one thread at a time. */
    interface Looker extends AutoCloseable {
        /** @throws Exception if Kafka does not answer within its deadline; the next look may succeed */
        Ends look(Collection<Integer> partitions) throws Exception;

        @Override
        void close();
    }

    /**
     * What a topic holds.
     *
     * @param first per partition the offset of the oldest record
     * @param next per partition the offset after the newest
     * @param retentionMillis how old a record becomes; negative for no limit
     */
    record Ends(Map<Integer, Long> first, Map<Integer, Long> next, long retentionMillis) {
        public Ends {
            first = Map.copyOf(first);
            next = Map.copyOf(next);
        }
    }
}
