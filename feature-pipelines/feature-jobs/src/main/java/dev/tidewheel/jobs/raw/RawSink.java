package dev.tidewheel.jobs.raw;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.Schema;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.IcebergSink;
import org.apache.iceberg.types.Types;

/** Writes a stream of source records into the raw table: exactly once, committed with each checkpoint. */
public final class RawSink {
    private RawSink() {}

    /**
     * Creates the table if it is missing and appends the sink to the stream's job.
     *
     * @param columns gives the source's columns, here and where the job runs
     * @param ofChangelogs whether topics may follow each other in the table
     * @param suffix behind the operators' uids
     */
    public static void append(
            DataStream<SourceRecord> records,
            SourceLayout layout,
            SerializableSupplier<RowSchema> columns,
            WarehouseConfig warehouse,
            boolean ofChangelogs,
            String suffix) {
        boolean ofChanges = layout.isOfChanges();
        Schema schema = RawSchema.of(columns.get(), ofChanges);
        RawTable.Ensured table = RawTable.ensure(warehouse, layout.source(), layout.channels(), ofChangelogs, schema);
        List<String> order = names(table.schema());
        int[] places = order.stream().mapToInt(names(schema)::indexOf).toArray();
        DataStream<RowData> rows = records.flatMap(
                        new RawRows(layout.channels(), columns, ofChanges, table.written(), places))
                .returns(InternalTypeInfo.of(FlinkSchemaUtil.convert(table.schema())))
                .name("raw rows" + suffix)
                .uid("raw-rows" + suffix);
        IcebergSink.forRowData(rows)
                .tableLoader(RawTable.loader(warehouse, layout.source()))
                .distributionMode(DistributionMode.NONE)
                .uidSuffix("raw-" + layout.source() + suffix)
                .append();
    }

    private static List<String> names(Schema schema) {
        return schema.columns().stream().map(Types.NestedField::name).toList();
    }
}
