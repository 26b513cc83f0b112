package dev.tidewheel.jobs.dead;

import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.records.DeadLetterReason;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** The refusals among source records. Those of erased entities are none: there is nothing to be done about them. */
public final class DecodeRefusals implements FlatMapFunction<SourceRecord, Refusal> {
    private static final long serialVersionUID = 1L;

    private final String stage;

    /** @param stage what the letters name as the place */
    public DecodeRefusals(String stage) {
        this.stage = stage;
    }

    @Override
    public void flatMap(SourceRecord record, Collector<Refusal> out) {
        if (record.reason() != null && record.reason() != DeadLetterReason.ERASED) {
            out.collect(new Refusal(
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    stage,
                    null,
                    record.reason(),
                    record.detail(),
                    null,
                    null,
                    null,
                    record.key(),
                    record.value()));
        }
    }
}
