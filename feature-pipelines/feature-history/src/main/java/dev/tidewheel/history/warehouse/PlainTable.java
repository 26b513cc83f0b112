package dev.tidewheel.history.warehouse;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.RowTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/** A table that is nobody's raw table, such as one with questions or labels. Not thread-safe. */
public final class PlainTable {
    private final String name;
    private final Table table;

    PlainTable(String name, Table table) {
        this.name = name;
        this.table = table;
    }

    /** The newest snapshot; empty while nothing was committed. */
    public Optional<Long> newestSnapshot() {
        return Optional.ofNullable(table.currentSnapshot()).map(Snapshot::snapshotId);
    }

    /** See {@link RawTable#tag}. */
    public void tag(String tag, long snapshotId) {
        RawTable.tag(name, table, tag, snapshotId);
    }

    /**
     * Reads all rows of a snapshot.
     *
     * @throws IllegalArgumentException if there is no such snapshot, or a column is of a type that rows do not have
     */
    public RowTable read(long snapshotId) {
        Snapshot snapshot = table.snapshot(snapshotId);
        if (snapshot == null) {
            throw new IllegalArgumentException(
                    name + " has no snapshot " + snapshotId + ": it has expired, or belongs" + " to another table");
        }
        Schema then = table.schemas().getOrDefault(snapshot.schemaId(), table.schema());
        RowSchema schema =
                new RowSchema(then.columns().stream().map(this::column).toList());
        RowTable.Builder rows = new RowTable.Builder(schema, new Origin.Snapshot(name, snapshotId));
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(table).useSnapshot(snapshotId).build()) {
            for (Record record : records) {
                for (int slot = 0; slot < schema.size(); slot++) {
                    Column column = schema.column(slot);
                    RawTable.append(record.getField(column.name()), column, rows.column(slot));
                }
            }
            return rows.build();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " at snapshot " + snapshotId, e);
        }
    }

    private Column column(Types.NestedField field) {
        ColumnType type = switch (field.type().typeId()) {
            case BOOLEAN -> ColumnType.BOOL;
            case INTEGER, LONG -> ColumnType.INT64;
            case FLOAT, DOUBLE -> ColumnType.FLOAT64;
            case STRING -> ColumnType.STRING;
            case TIMESTAMP -> ColumnType.TIMESTAMP;
            default ->
                throw new IllegalArgumentException("column '" + field.name() + "' of " + name + " is "
                        + field.type() + "; a column holds integers, floating-point numbers, booleans, strings"
                        + " or timestamps: make a table without it");
        };
        return new Column(field.name(), type);
    }
}
