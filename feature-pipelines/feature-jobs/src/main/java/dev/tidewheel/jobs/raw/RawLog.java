package dev.tidewheel.jobs.raw;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.log.KeptLog;
import dev.tidewheel.jobs.raw.RawTable.Extent;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.iceberg.flink.TableLoader;
import org.apache.kafka.common.TopicPartition;

/**
 * The raw table as the log of its topics. Each reading begins with the newest snapshot: what stands at an offset is never
 * written anew with another meaning, so any later snapshot goes on where an earlier one was left, and none has to be kept.
 */
public final class RawLog implements KeptLog {
    private static final long serialVersionUID = 1L;

    private final TableLoader loader;
    private final SerializableSupplier<RowSchema> columns;
    private final boolean ofChanges;
    private final HashMap<TopicPartition, Long> begins = new HashMap<>();
    private final HashMap<TopicPartition, Long> imports = new HashMap<>();

    private RawLog(
            TableLoader loader,
            SerializableSupplier<RowSchema> columns,
            boolean ofChanges,
            Map<TopicPartition, Extent> extents) {
        this.loader = loader;
        this.columns = columns;
        this.ofChanges = ofChanges;
        extents.forEach((partition, extent) -> {
            begins.put(partition, extent.first());
            if (Channels.isImport(partition.partition())) {
                imports.put(partition, extent.next());
            }
        });
    }

    /**
     * That of a source; an empty one if it has no table yet.
     *
     * @param columns gives the source's columns where the job runs
     */
    public static RawLog of(WarehouseConfig warehouse, SourceLayout source, SerializableSupplier<RowSchema> columns) {
        Channels channels = source.channels();
        Map<TopicPartition, Extent> extents = new HashMap<>();
        RawTable.extents(warehouse, source.source(), channels)
                .forEach((channel, extent) ->
                        extents.put(new TopicPartition(channels.topic(channel), channels.partition(channel)), extent));
        return new RawLog(RawTable.loader(warehouse, source.source()), columns, source.isOfChanges(), extents);
    }

    @Override
    public Map<TopicPartition, Long> begins() {
        return Map.copyOf(begins);
    }

    @Override
    public Map<TopicPartition, Long> imports() {
        return Map.copyOf(imports);
    }

    @Override
    public Reading read(TopicPartition partition, long from) throws IOException {
        return RawReading.open(loader.clone(), partition, from, new KeptRows(columns.get(), ofChanges));
    }
}
