package dev.tidewheel.jobs.source;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks on knownTime, per partition, a fixed time behind. They free state and decide no value, so being far behind
 * costs memory and nothing else. Refused records have no knownTime and move nothing.
 */
public final class KnownTimeWatermarks implements WatermarkGenerator<SourceRecord> {
    /** How far a partition may jump back in knownTime. */
    static final long BEHIND_MILLIS = Duration.ofHours(1).toMillis();
    /**
     * A partition without records for so long (by the wall clock) does not hold the others back. Long, because a
     * partition that is only slow would find the state of its changes freed.
     */
    private static final Duration IDLE = Duration.ofMinutes(15);

    private long greatest = Long.MIN_VALUE;

    /** The strategy for a source of {@link SourceRecord}s. */
    public static WatermarkStrategy<SourceRecord> strategy() {
        return WatermarkStrategy.<SourceRecord>forGenerator(context -> new KnownTimeWatermarks())
                .withTimestampAssigner((record, kafkaTimestamp) -> record.knownTime())
                .withIdleness(IDLE);
    }

    @Override
    public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
        if (record.accepted()) {
            greatest = Math.max(greatest, record.knownTime());
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        if (greatest != Long.MIN_VALUE) {
            output.emitWatermark(new Watermark(greatest - BEHIND_MILLIS));
        }
    }
}
