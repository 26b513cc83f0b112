package dev.tidewheel.jobs.route;

/**
 * Decides when changes get their marker, and with it their flush. A job that is up to date marks after the least interval.
 * One that is behind may mark less often, so that keys that change again meanwhile are written once: at most by a quarter
 * of how far it is behind, and never less often than the greatest interval. So the delay shrinks as the job catches up.
 *
 * <p>How far a job is behind is told by two witnesses, and the one that says less is believed:
 *
 * <ul>
 *   <li>for how long the reader has been busy. Who has to wait for records has read all there is; but a reader also waits
 *       now and then for a broker that has more. So a time of waiting counts against a tenfold time of work: who waits for
 *       a tenth of the time is up to date. A reader that has just enough to do looks busy for ever;
 *   <li>how old the newest record is by Kafka's timestamp. It knows a busy reader that is up to date; but the timestamps of
 *       history that was copied into a topic, or of a story, are old whoever reads them.
 * </ul>
 *
 * <p>All times in milliseconds. Not thread-safe.
 */
final class Pace {
    private static final int SHARE = 4;
    private static final int WAITING_WEIGHS = 10;

    private final long least;
    private final long most;
    private long asked;
    private long waitedBefore;
    private long busy;
    private long first;
    private long newest;

    /**
     * @param least interval, of a job that is up to date
     * @param most interval, of a job that is far behind; the least if that is greater
     * @param now of the wall
     */
    Pace(long least, long most, long now) {
        this.least = least;
        this.most = Math.max(least, most);
        this.asked = now;
    }

    /** The first record after a marker has come. */
    void begin(long now) {
        first = now;
        newest = Long.MIN_VALUE;
    }

    /**
     * A record has come.
     *
     * @param timestamp Kafka's; negative if the record has none
     */
    void read(long timestamp) {
        newest = Math.max(newest, timestamp);
    }

    /**
     * Whether what came since {@link #begin} is to be marked.
     *
     * @param waited for how long the reader has waited for records, in all
     */
    boolean isDue(long now, long waited) {
        long worked = now - asked - WAITING_WEIGHS * (waited - waitedBefore);
        busy = Math.max(0, Math.min(SHARE * most, busy + worked));
        asked = now;
        waitedBefore = waited;
        // A wall clock that was set back would else hold the marker up.
        return now < first || now - first >= interval(now);
    }

    private long interval(long now) {
        long age = newest < 0 ? Long.MAX_VALUE : now - newest;
        return Math.max(least, Math.min(most, Math.min(busy, age) / SHARE));
    }
}
