package dev.tidewheel.jobs.retention;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;

/** Opens what knows the ends of the partitions of a source's topics. Travels in the job graph; what it opens does not. */
@FunctionalInterface
public interface TopicLog extends Serializable {

    /** Connects. The caller closes it. */
    Looker open();

    /** Looks at the topics; called by one thread at a time. */
    interface Looker extends AutoCloseable {
        /** @throws Exception if Kafka does not answer within its deadline; the next look may succeed */
        Ends look(Collection<Integer> channels) throws Exception;

        /**
         * By channel the offset of the oldest record; asks for no more than a consumer may know.
         *
         * @throws Exception as {@link #look}
         */
        Map<Integer, Long> first(Collection<Integer> channels) throws Exception;

        @Override
        void close();
    }

    /**
     * What the topics hold, by {@linkplain dev.tidewheel.definitions.Channels channel}.
     *
     * @param first the offset of the oldest record
     * @param next the offset after the newest
     * @param retentionMillis how old a record becomes; negative for no limit
     */
    record Ends(Map<Integer, Long> first, Map<Integer, Long> next, Map<Integer, Long> retentionMillis) {
        public Ends {
            first = Map.copyOf(first);
            next = Map.copyOf(next);
            retentionMillis = Map.copyOf(retentionMillis);
        }
    }
}
