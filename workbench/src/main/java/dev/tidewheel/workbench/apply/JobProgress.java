package dev.tidewheel.workbench.apply;

import java.util.Optional;

/** What a plan has to know of the feature jobs that run, or ran. */
public interface JobProgress {
    /** Nothing has ever run. */
    JobProgress NONE = new JobProgress() {
        @Override
        public boolean hasRun(String source) {
            return false;
        }

        @Override
        public Optional<String> behind(String source, String view, long lineage) {
            return Optional.empty();
        }

        @Override
        public Extent extent(String topic) {
            return Extent.NOTHING;
        }
    };

    /**
     * What a topic holds.
     *
     * @param records that can be read, over all partitions
     * @param lost that were there before them and cannot be read any more
     */
    record Extent(long records, long lost) {
        /** An empty topic. */
        static final Extent NOTHING = new Extent(0, 0);

        /** Of both. */
        Extent plus(Extent other) {
            return new Extent(records + other.records, lost + other.lost);
        }
    }

    /** Whether a job of the source has ever said how far it came: then it may have a savepoint. */
    boolean hasRun(String source);

    /** What a lineage lacks of what others of its source contain, for people; empty if it has caught up. */
    Optional<String> behind(String source, String view, long lineage);

    /** What a new lineage would have to read. */
    Extent extent(String topic);
}
