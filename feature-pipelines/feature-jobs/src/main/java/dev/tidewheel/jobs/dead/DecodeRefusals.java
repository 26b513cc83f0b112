package dev.tidewheel.jobs.dead;

import dev.tidewheel.jobs.source.SourceRecord;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** The refusals among source records. */
public final class DecodeRefusals implements FlatMapFunction<SourceRecord, Refusal> {
    private static final long serialVersionUID = 1L;

    private final String stage;

    /** @param stage what the letters name as the place */
    public DecodeRefusals(String stage) {
        this.stage = stage;
    }

    @Override
    public void flatMap(SourceRecord record, Collector<Refusal> out) {
        if (record.reason() != null) {
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
