package dev.tidewheel.jobs.source;

import dev.tidewheel.feature.change.Change;
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
    private final long horizonMillis;
    private final long behindMillis;
    private long greatest = Long.MIN_VALUE;

    /** @param behindMillis how far a partition may jump back in knownTime */
    KnownTimeWatermarks(long horizonMillis, long behindMillis) {
        this.horizonMillis = horizonMillis;
        this.behindMillis = behindMillis;
    }

    /**
     * The strategy for a source of {@link SourceRecord}s.
     *
     * @param horizonMillis the source's
     * @param behind how far a partition may jump back in knownTime
     * @param idle a partition without records for so long, wall time, does not hold the others back; rather long, because
     *     a partition that is only slow would find the state of its changes freed
     */
    public static WatermarkStrategy<SourceRecord> strategy(long horizonMillis, Duration behind, Duration idle) {
        long behindMillis = behind.toMillis();
        return WatermarkStrategy.<SourceRecord>forGenerator(
                        context -> new KnownTimeWatermarks(horizonMillis, behindMillis))
                .withTimestampAssigner((record, kafkaTimestamp) -> record.knownTime())
                .withIdleness(idle);
    }

    @Override
    public void onEvent(SourceRecord record, long timestamp, WatermarkOutput output) {
        if (record.adds() && !Change.isLate(record.eventTime(), record.knownTime(), horizonMillis)) {
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
        if (greatest >= Long.MIN_VALUE + behindMillis) {
            output.emitWatermark(new Watermark(greatest - behindMillis));
        }
    }
}
