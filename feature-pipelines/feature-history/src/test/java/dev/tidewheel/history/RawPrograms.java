package dev.tidewheel.history;

import dev.tidewheel.definitions.Handover;
import dev.tidewheel.definitions.RecordTime;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.RowOperation;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.ChangeStream;
import dev.tidewheel.history.source.SourceColumns;
import dev.tidewheel.history.source.SourceColumns.Member;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.warehouse.RawSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** The raw table of a random program, as feature jobs write it. */
public final class RawPrograms {
    private final Table table;
    private final Form form;
    private int files;

    /** What kind of source tells the program. */
    public enum Form {
        /** One topic of events. */
        EVENTS,
        /** Two topics; events of the second have no ids of their own. */
        UNION,
        /** Rows that change: records bring the row before. */
        CHANGES,
        /** Rows that change: the row before is the last one of its id. */
        CHANGELOG;

        private boolean isOfChanges() {
            return this == CHANGES || this == CHANGELOG;
        }

        private String topic(int partition) {
            return this == UNION && partition % 2 == 1 ? "others" : RandomProgram.TOPIC;
        }

        /** What the columns mean. */
        public SourceColumns columns(RandomProgram program) {
            boolean hasId = this == UNION || this == EVENTS && program.declaresIds();
            return new SourceColumns(
                    "program",
                    RandomProgram.source(),
                    "happened",
                    isOfChanges() ? Optional.empty() : Optional.of("known"),
                    hasId ? Optional.of("id") : Optional.empty(),
                    isOfChanges() ? Optional.of(stream()) : Optional.empty(),
                    this == UNION ? members(program) : List.of(),
                    Handover.OFFSETS);
        }

        private ChangeStream stream() {
            return new ChangeStream(RecordTime.DATABASE, this == CHANGELOG ? List.of("id") : List.of());
        }

        private static List<Member> members(RandomProgram program) {
            Optional<ColumnType> ids = program.declaresIds() ? Optional.of(ColumnType.STRING) : Optional.empty();
            return List.of(
                    new Member("program", RandomProgram.TOPIC, ids), new Member("others", "others", Optional.empty()));
        }
    }

    public RawPrograms(Warehouse warehouse, String source) {
        this(warehouse, source, Form.EVENTS);
    }

    /** @param form of the source; one of events cannot tell of retractions */
    public RawPrograms(Warehouse warehouse, String source, Form form) {
        this.form = form;
        this.table = warehouse
                .catalog()
                .createTable(
                        TableIdentifier.of("raw", source),
                        RawSchema.of(RandomProgram.source(), form.isOfChanges()),
                        PartitionSpec.unpartitioned());
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
                .schema(table.schema())
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

    private Record record(Arrival arrival) {
        Record record = GenericRecord.create(table.schema());
        Change change = arrival.change();
        String image = change.retraction() ? RawSchema.BEFORE : "";
        for (int slot = 0; slot < RandomProgram.source().size(); slot++) {
            if (!change.row().isNull(slot)) {
                record.setField(image + RandomProgram.source().column(slot).name(), value(change.row(), slot));
            }
        }
        record.setField(RawSchema.TOPIC, form.topic(arrival.partition()));
        record.setField(RawSchema.PARTITION, arrival.partition());
        record.setField(RawSchema.OFFSET, arrival.offset());
        record.setField(RawSchema.TIMESTAMP, arrival.timestamp());
        if (form.isOfChanges()) {
            RowOperation operation = change.retraction() ? RowOperation.DELETE : RowOperation.CREATE;
            record.setField(RawSchema.OPERATION, operation.word());
            record.setField(RawSchema.DATABASE_TIME, change.knownTime());
        }
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
