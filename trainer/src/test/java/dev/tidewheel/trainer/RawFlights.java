package dev.tidewheel.trainer;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.warehouse.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/** Writes a history of flights into the raw table, as the feature job does; the history's order is that of the offsets. */
final class RawFlights {
    private final ChangeHistory flights;
    private final Table table;
    private int files;

    RawFlights(Warehouse warehouse, ChangeHistory flights) {
        this.flights = flights;
        warehouse.catalog().createNamespace(Namespace.of("raw"));
        Schema schema = schema(flights);
        PartitionSpec spec =
                PartitionSpec.builderFor(schema).identity("_partition").build();
        this.table = warehouse.catalog().createTable(TableIdentifier.of("raw", "flights"), schema, spec);
    }

    /** One file, one snapshot, in partition 0. */
    void append(IntPredicate which) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(
                        table.io().newOutputFile(table.location() + "/data/" + files++ + ".parquet"))
                .schema(table.schema())
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(table.spec())
                .withPartition(DataFiles.data(table.spec(), "_partition=0"))
                .build();
        try (writer) {
            for (int change = 0; change < flights.size(); change++) {
                if (which.test(change)) {
                    writer.write(record(change));
                }
            }
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
    }

    private static Schema schema(ChangeHistory flights) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : flights.columns().schema().columns()) {
            fields.add(Types.NestedField.optional(
                    fields.size() + 1,
                    column.name(),
                    column.type() == ColumnType.STRING ? Types.StringType.get() : Types.LongType.get()));
        }
        fields.add(Types.NestedField.required(fields.size() + 1, "_topic", Types.StringType.get()));
        fields.add(Types.NestedField.required(fields.size() + 1, "_partition", Types.IntegerType.get()));
        fields.add(Types.NestedField.required(fields.size() + 1, "_offset", Types.LongType.get()));
        fields.add(Types.NestedField.required(fields.size() + 1, "_timestamp", Types.LongType.get()));
        fields.add(Types.NestedField.optional(fields.size() + 1, "_rejected", Types.StringType.get()));
        return new Schema(fields);
    }

    private Record record(int change) {
        Record record = GenericRecord.create(table.schema());
        Row row = flights.row(change);
        for (int slot = 0; slot < row.size(); slot++) {
            if (!row.isNull(slot)) {
                String text = row.getString(slot);
                record.set(slot, text != null ? text : (Object) row.getLong(slot));
            }
        }
        record.setField("_topic", "flights");
        record.setField("_partition", 0);
        record.setField("_offset", (long) change);
        record.setField("_timestamp", flights.knownTime(change));
        return record;
    }
}
