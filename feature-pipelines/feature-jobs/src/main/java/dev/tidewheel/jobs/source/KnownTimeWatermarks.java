package dev.tidewheel.jobs.source;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks on knownTime, per partition, a fixed time behind. They free state and decide no value, so being far behind
 * costs memory and nothing else. Being ahead costs changes, for ever: so records that no view will apply move nothing
 * (refused ones have no knownTime; late ones may have a wrong one), and no record moves them past its Kafka timestamp: what
 * was written to Kafka by then was known by then.
 */
public final class KnownTimeWatermarks implements WatermarkGenerator<SourceRecord> {
    /** How far a partition may jump back in knownTime. */
    static final long BEHIND_MILLIS = Duration.ofHours(1).toMillis();
    /**
     * A partition without records for so long (by the wall clock) does not hold the others back. Long, because a
     * partition that is only slow would find the state of its changes freed.
     */
    private static final Duration IDLE = Duration.ofMinutes(15);

    private final long horizonMillis;
    private long greatest = Long.MIN_VALUE;

    KnownTimeWatermarks(long horizonMillis) {
        this.horizonMillis = horizonMillis;
    }

    /**
     * The strategy for a source of {@link SourceRecord}s.
     *
     * @param horizonMillis the source's
     */
    public static WatermarkStrategy<SourceRecord> strategy(long horizonMillis) {
        return WatermarkStrategy.<SourceRecord>forGenerator(context -> new KnownTimeWatermarks(horizonMillis))
                .withTimestampAssigner((record, kafkaTimestamp) -> record.knownTime())
                .withIdleness(IDLE);
    }

    @Override
    public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
        if (record.accepted() && !record.change().isLate(horizonMillis)) {
            greatest = Math.max(greatest, Math.min(record.knownTime(), writtenAt(record)));
        }
    }

    /** Kafka's timestamp; no bound where a record has none. */
    private static long writtenAt(SourceRecord record) {
        return record.timestamp() < 0 ? Long.MAX_VALUE : record.timestamp();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        // So near to the beginning of time nothing is to be freed, and the difference would wrap.
        if (greatest >= Long.MIN_VALUE + BEHIND_MILLIS) {
            output.emitWatermark(new Watermark(greatest - BEHIND_MILLIS));
        }
    }
}
