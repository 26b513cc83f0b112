package dev.tidewheel.history.source;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The rows of a file or table that is no source: questions, labels. Held as columns of primitives. Immutable and
 * thread-safe.
 */
public final class RowTable {
    private final RowSchema schema;
    private final Origin origin;
    private final List<ColumnBuffer> data;
    private final int size;

    private RowTable(Builder from) {
        this.schema = from.schema;
        this.origin = from.origin;
        this.data = from.data;
        this.size = data.get(0).size();
    }

    /**
     * Reads all flat columns of a Parquet file.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if a column is of a type that rows do not have
     */
    public static RowTable read(Path file) throws IOException {
        try (ParquetColumns parquet = ParquetColumns.open(file)) {
            RowSchema schema = new RowSchema(parquet.columns());
            Builder builder =
                    new Builder(schema, new Origin.File(String.valueOf(file.getFileName()), FileDigest.of(file)));
            while (parquet.nextRowGroup()) {
                builder.data.forEach(buffer -> parquet.read(buffer.column(), buffer));
            }
            return builder.build();
        }
    }

    public RowSchema schema() {
        return schema;
    }

    public Origin origin() {
        return origin;
    }

    /** How many rows there are. */
    public int size() {
        return size;
    }

    /** Whether its rows have numbers that mean something: those of a file do, those of a table come as they come. */
    public boolean isOrdered() {
        return origin instanceof Origin.File;
    }

    /** The slot of a column, if there is one of that name. */
    public OptionalInt slot(String name) {
        int slot = schema.slot(name);
        return slot < 0 ? OptionalInt.empty() : OptionalInt.of(slot);
    }

    /**
     * The slot of a column.
     *
     * @param what the table holds, for the message
     * @throws IllegalArgumentException if there is none of that name
     */
    public int require(String name, String what) {
        return slot(name)
                .orElseThrow(() -> new IllegalArgumentException("the " + what + " in " + origin.describe()
                        + " have no column '" + name + "': they have "
                        + schema.columns().stream().map(column -> column.name()).toList()));
    }

    public boolean isNull(int row, int slot) {
        return data.get(slot).isNull(row);
    }

    /** The integer or the epoch milliseconds in a slot that is not null. */
    public long word(int row, int slot) {
        return data.get(slot).word(row);
    }

    /** The text of a value that is not null, as it stands in an entity key. */
    public String text(int row, int slot) {
        return data.get(slot).text(row);
    }

    /** Puts a value into a slot of a row. */
    public void copy(int row, int slot, Row to, int target) {
        data.get(slot).copy(row, to, target);
    }

    /** Those of some rows that share the text or integer in a slot with another of them. */
    public BitSet sharing(int[] rows, int slot) {
        return RepeatedIds.among(rows, data.get(slot));
    }

    /** An order that depends on the rows alone: as they stand in the file, or in a table by what they hold. */
    public int compare(int left, int right) {
        if (isOrdered()) {
            return Integer.compare(left, right);
        }
        return left == right ? 0 : row(left).toString().compareTo(row(right).toString());
    }

    private Row row(int number) {
        Row row = new Row(schema.size());
        for (int slot = 0; slot < schema.size(); slot++) {
            copy(number, slot, row, slot);
        }
        return row;
    }

    /** Collects rows, one value for every column of each. Not thread-safe. */
    public static final class Builder {
        private final RowSchema schema;
        private final Origin origin;
        private final List<ColumnBuffer> data;

        public Builder(RowSchema schema, Origin origin) {
            this.schema = Objects.requireNonNull(schema, "schema");
            this.origin = Objects.requireNonNull(origin, "origin");
            this.data = schema.columns().stream().map(ColumnBuffer::new).toList();
        }

        /** Where the values of a column go. */
        public ColumnBuffer column(int slot) {
            return data.get(slot);
        }

        /**
         * @throws IllegalStateException if columns have different numbers of values
         */
        public RowTable build() {
            int[] sizes = data.stream().mapToInt(ColumnBuffer::size).distinct().toArray();
            if (sizes.length != 1) {
                throw new IllegalStateException("columns of " + Arrays.toString(sizes) + " values make no table");
            }
            return new RowTable(this);
        }
    }
}
