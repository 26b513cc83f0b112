package dev.tidewheel.history;

import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.warehouse.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The raw table of a random program, as feature jobs write it. */
public final class RawPrograms {
    private static final Schema SCHEMA = schema();

    private final Table table;
    private int files;

    public RawPrograms(Warehouse warehouse, String source) {
        table = warehouse
                .catalog()
                .createTable(TableIdentifier.of("raw", source), SCHEMA, PartitionSpec.unpartitioned());
    }

    private static Schema schema() {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : RandomProgram.source().columns()) {
            fields.add(Types.NestedField.optional(fields.size() + 1, column.name(), type(column)));
        }
        fields.add(Types.NestedField.required(fields.size() + 1, "_topic", Types.StringType.get()));
        fields.add(Types.NestedField.required(fields.size() + 1, "_partition", Types.IntegerType.get()));
        fields.add(Types.NestedField.required(fields.size() + 1, "_offset", Types.LongType.get()));
        fields.add(Types.NestedField.required(fields.size() + 1, "_timestamp", Types.LongType.get()));
        fields.add(Types.NestedField.optional(fields.size() + 1, "_rejected", Types.StringType.get()));
        return new Schema(fields);
    }

    private static Type type(Column column) {
        return switch (column.type()) {
            case INT64, TIMESTAMP -> Types.LongType.get();
            case FLOAT64 -> Types.DoubleType.get();
            case BOOL -> Types.BooleanType.get();
            case STRING, JSON -> Types.StringType.get();
        };
    }

    /** A restarted writer writes some rows twice; scans come in any order. */
    public void appendInPieces(List<Arrival> arrivals, Random random) throws IOException {
        List<List<Arrival>> pieces = new ArrayList<>();
        for (int from = 0; from < arrivals.size(); ) {
            int to = Math.min(arrivals.size(), from + 1 + arrivals.size() / 4);
            int again = Math.max(0, from - random.nextInt(9));
            pieces.add(new ArrayList<>(arrivals.subList(again, to)));
            from = to;
        }
        Collections.shuffle(pieces, random);
        for (List<Arrival> piece : pieces) {
            Collections.shuffle(piece, random);
            append(piece);
        }
    }

    /** One file, one snapshot. */
    public DataFile append(List<Arrival> arrivals) throws IOException {
        String file = table.location() + "/data/" + files++ + ".parquet";
        DataWriter<Record> writer = Parquet.writeData(table.io().newOutputFile(file))
                .schema(SCHEMA)
                .createWriterFunc(GenericParquetWriter::create)
                .withSpec(PartitionSpec.unpartitioned())
                .build();
        try (writer) {
            arrivals.forEach(arrival -> writer.write(record(arrival)));
        }
        DataFile written = writer.toDataFile();
        table.newAppend().appendFile(written).commit();
        return written;
    }

    private static Record record(Arrival arrival) {
        Record record = GenericRecord.create(SCHEMA);
        Row row = arrival.change().row();
        for (int slot = 0; slot < RandomProgram.source().size(); slot++) {
            if (!row.isNull(slot)) {
                record.set(slot, value(row, slot));
            }
        }
        record.setField("_topic", RandomProgram.TOPIC);
        record.setField("_partition", arrival.partition());
        record.setField("_offset", arrival.offset());
        record.setField("_timestamp", arrival.timestamp());
        return record;
    }

    private static Object value(Row row, int slot) {
        return switch (RandomProgram.source().column(slot).type()) {
            case INT64, TIMESTAMP -> row.getLong(slot);
            case FLOAT64 -> row.getDouble(slot);
            case BOOL -> row.getBoolean(slot);
            case STRING, JSON -> String.valueOf(row.getString(slot));
        };
    }
}
