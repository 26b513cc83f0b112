package dev.tidewheel.jobs.source;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.records.DeadLetterReason;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Refuses what the other side of a source's handover brings. Behind the raw table, which has what came, so that another
 * handover can be declared later; and history judges the same rows in the same way.
 */
public final class HandedOver implements MapFunction<SourceRecord, SourceRecord> {
    private static final long serialVersionUID = 1L;

    private final Channels channels;
    private final Handover handover;

    public HandedOver(SourceLayout layout) {
        this.channels = layout.channels();
        this.handover = layout.handover();
    }

    @Override
    public SourceRecord map(SourceRecord record) {
        boolean imported = Channels.isImport(channels.partition(record.partition()));
        return record.accepted() && handover.leavesOut(imported, record.knownTime())
                ? record.refused(
                        DeadLetterReason.HANDED_OVER,
                        imported ? "imported, and the topic has it" : "in the topic, and was imported")
                : record;
    }
}
