package dev.tidewheel.monitoring.table;

import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.LogRecord;
import dev.tidewheel.monitoring.publish.Outgoing;
import dev.tidewheel.runtime.config.WarehouseConfig;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.iceberg.DistributionMode;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.IcebergSink;

/** Writes the tables: exactly once, committed with each checkpoint. Creates those that are missing. */
public final class TableSinks {
    private final Tables tables;

    public TableSinks(WarehouseConfig warehouse) {
        this.tables = new Tables(warehouse);
    }

    /** Appends a log's records to its table. */
    public void append(DataStream<LogRecord> records, Log log) {
        MonitoringTable table = log == Log.LABELS ? MonitoringTable.LABELS : MonitoringTable.INFERENCES;
        Map<Integer, Long> written = tables.ensure(table);
        String name = table.identifier().name();
        DataStream<RowData> rows = records.flatMap(new LogRows(log, written))
                .returns(type(table))
                .name("rows of " + name)
                .uid("rows-" + name)
                .setParallelism(1);
        IcebergSink.forRowData(rows)
                .tableLoader(tables.loader(table))
                .distributionMode(DistributionMode.NONE)
                .writeParallelism(1)
                .uidSuffix("table-" + name)
                .append();
    }

    /** Writes metric rows over those of the same key. */
    public void upsert(DataStream<Outgoing> metrics) {
        MonitoringTable table = MonitoringTable.METRICS;
        var unused = tables.ensure(table);
        String name = table.identifier().name();
        DataStream<RowData> rows = metrics.map(new MetricRows())
                .returns(type(table))
                .name("rows of " + name)
                .uid("rows-" + name)
                .setParallelism(1);
        IcebergSink.forRowData(rows)
                .tableLoader(tables.loader(table))
                .distributionMode(DistributionMode.NONE)
                .equalityFieldColumns(MonitoringTable.METRIC_KEY)
                .upsert(true)
                .writeParallelism(1)
                .uidSuffix("table-" + name)
                .append();
    }

    private static TypeInformation<RowData> type(MonitoringTable table) {
        return InternalTypeInfo.of(FlinkSchemaUtil.convert(table.schema()));
    }
}
