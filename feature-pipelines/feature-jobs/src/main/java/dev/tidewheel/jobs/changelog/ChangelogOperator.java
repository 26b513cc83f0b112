package dev.tidewheel.jobs.changelog;

import dev.tidewheel.feature.change.Changelog;
import dev.tidewheel.feature.change.RowChange;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.ChangeEvent;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.jobs.source.TopicLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts right what the records of a change stream say of the row before, from the last row of every primary key. Every
 * record goes on, also one that changes nothing, because the offsets behind are counted by it.
 *
 * <p>Stands in the source's chain: a primary key always stands in one partition, and one subtask reads a partition, so
 * nothing is shuffled. The rows lie on the heap, by partition, and are saved as operator state. Which subtask will read a
 * partition after a restore is not known here, so every subtask takes up all partitions, goes on with those whose records
 * come to it, and saves those; what nobody has gone on with is saved by the subtask whose number is the partition modulo
 * the parallelism. Of several copies of a partition, that with the greatest offset is the newest.
 */
public final class ChangelogOperator extends AbstractStreamOperator<SourceRecord>
        implements OneInputStreamOperator<SourceRecord, SourceRecord> {
    private static final long serialVersionUID = 1L;

    private final TopicLayout layout;
    private final SerializableSupplier<RowSchema> columns;

    private transient @Nullable RowSchema schema;
    private transient int eventTimeSlot;
    private transient Map<Integer, OfPartition> partitions = new TreeMap<>();
    private transient @Nullable ListState<ChangelogEntry> saved;

    /** The rows of one partition. */
    private static final class OfPartition {
        private final Changelog rows;
        private long lastOffset;
        private boolean continued;

        OfPartition(Changelog rows, long lastOffset) {
            this.rows = rows;
            this.lastOffset = lastOffset;
        }
    }

    /**
     * @param layout of a source with a changelog
     * @param columns gives the source's columns where the job runs
     */
    public ChangelogOperator(SourceLayout layout, SerializableSupplier<RowSchema> columns) {
        this.layout = layout.only();
        this.columns = columns;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        RowSchema current = columns.get();
        schema = current;
        eventTimeSlot = current.slot(Objects.requireNonNull(layout.eventTime(), "eventTime"));
        partitions = new TreeMap<>();
        ListState<ChangelogEntry> state = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("changelog", TypeInformation.of(ChangelogEntry.class)));
        saved = state;
        if (context.isRestored()) {
            restore(state.get(), current);
        }
    }

    private void restore(Iterable<ChangelogEntry> entries, RowSchema current) {
        SavedColumns columnsThen = null;
        Map<Integer, Long> newest = new TreeMap<>();
        for (ChangelogEntry entry : entries) {
            if (entry.partition() == ChangelogEntry.COLUMNS) {
                columnsThen = SavedColumns.of(entry.key(), current);
            } else {
                newest.merge(entry.partition(), entry.lastOffset(), Math::max);
            }
        }
        if (columnsThen == null) {
            throw new IllegalStateException("source " + layout.source() + ": the savepoint has no changelog, and its"
                    + " offsets are past the rows that it would hold; start the job without a savepoint, so that it"
                    + " reads the source from the beginning, or give the source another name");
        }
        newest.forEach((partition, offset) ->
                partitions.put(partition, new OfPartition(new Changelog(current, layout.changelog()), offset)));
        for (ChangelogEntry entry : entries) {
            OfPartition of = partitions.get(entry.partition());
            if (of != null && entry.row() != null && entry.lastOffset() == of.lastOffset) {
                of.rows.put(entry.key(), columnsThen.convert(entry.row()));
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup group = getMetricGroup().addGroup("tidewheel").addGroup("changelog", layout.source());
        group.gauge("rows", () -> sum(rows -> rows.size()));
        group.gauge("bytes", () -> sum(Changelog::bytes));
    }

    private long sum(java.util.function.ToLongFunction<Changelog> what) {
        return partitions.values().stream()
                .mapToLong(of -> what.applyAsLong(of.rows))
                .sum();
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) {
        SourceRecord record = element.getValue();
        OfPartition of = partitions.computeIfAbsent(record.partition(), this::fresh);
        of.continued = true;
        of.lastOffset = record.offset();
        ChangeEvent event = record.event();
        output.collect(
                event == null ? element : element.copy(record.with(of.rows.apply(said(record, event)), eventTimeSlot)));
    }

    private OfPartition fresh(int partition) {
        return new OfPartition(
                new Changelog(Objects.requireNonNull(schema, "not initialised"), layout.changelog()), -1);
    }

    private static RowChange said(SourceRecord record, ChangeEvent event) {
        RowOperation operation = RowOperation.of(event.operation()).orElseThrow();
        return operation.of(event.before() == null ? null : event.before().row(), record.row());
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        List<ChangelogEntry> entries = new ArrayList<>();
        entries.add(new ChangelogEntry(
                ChangelogEntry.COLUMNS,
                -1,
                SavedColumns.text(Objects.requireNonNull(schema, "not initialised")),
                null));
        partitions.forEach((partition, of) -> {
            if (of.continued || partition % parallelism == subtask) {
                entries.add(new ChangelogEntry(partition, of.lastOffset, "", null));
                of.rows.forEach((key, row) -> entries.add(new ChangelogEntry(partition, of.lastOffset, key, row)));
            }
        });
        Objects.requireNonNull(saved, "not initialised").update(entries);
    }
}
