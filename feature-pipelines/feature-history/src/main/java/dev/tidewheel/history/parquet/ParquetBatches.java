package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Some flat columns of one Parquet file, all at once, a few rows at a time: no more of the file is in memory than the
 * wanted columns of one row group, compressed, and of each its dictionary and the page that is read. Values are as {@link ParquetColumns} gives them; texts that the file keeps
 * in a dictionary are decoded once per dictionary. Not thread-safe.
 */
public final class ParquetBatches implements AutoCloseable {
    private final Path path;
    private final ParquetFileReader reader;
    private final MessageType wanted;
    private final List<Place> places = new ArrayList<>();
    private final long[] chunk = new long[NumberColumn.CHUNK];
    private final IntPredicate isRead;
    private List<Delivery> columns = List.of(); // of the row group, in the order of the wanted
    private int rowGroup;
    private long left;
    private long nextRow;
    private long firstRow;

    /**
     * A column to be read.
     *
     * @param fieldId which it is in files that number their columns, whatever its name was then; empty if the name tells
     * @param sink takes its values; nulls if the file does not have the column
     */
    public record Wanted(Column column, OptionalInt fieldId, ColumnSink sink) {}

    /** Hands the next rows of a column to its sink. */
    @FunctionalInterface
    private interface Delivery {
        void deliver(int rows) throws IOException;
    }

    /** Where a wanted column stands among those that are read; −1 if the file does not have it. */
    private record Place(int index, Wanted column) {}

    private ParquetBatches(Path path, ParquetFileReader reader, List<Wanted> columns, IntPredicate isRead) {
        this.path = path;
        this.reader = reader;
        this.isRead = isRead;
        MessageType schema = reader.getFooter().getFileMetaData().getSchema();
        List<Type> fields = new ArrayList<>();
        for (Wanted column : columns) {
            Type field = find(schema, column);
            places.add(new Place(field == null ? -1 : fields.size(), column));
            if (field != null) {
                StoredType.require(path, column.column, field);
                fields.add(field);
            }
        }
        this.wanted = new MessageType(schema.getName(), fields);
    }

    /**
     * @param columns each name once
     * @param isRead which row groups are read, by their numbers
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no Parquet file, or a column is nested or of a type that does not fit
     */
    public static ParquetBatches open(Path path, List<Wanted> columns, IntPredicate isRead) throws IOException {
        ParquetFileReader reader = LocalFile.open(path);
        try {
            ParquetBatches batches = new ParquetBatches(path, reader, columns, isRead);
            reader.setRequestedSchema(batches.wanted);
            return batches;
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private static @Nullable Type find(MessageType schema, Wanted column) {
        for (Type field : schema.getFields()) {
            boolean isIt = column.fieldId.isPresent() && field.getId() != null
                    ? field.getId().intValue() == column.fieldId.getAsInt()
                    : field.getName().equals(column.column.name());
            if (isIt) {
                return field;
            }
        }
        return null;
    }

    /**
     * Refuses a file that lacks a column.
     *
     * @throws IllegalArgumentException if it does
     */
    public void requireAll() {
        for (Place place : places) {
            if (place.index < 0) {
                MessageType schema = reader.getFooter().getFileMetaData().getSchema();
                throw new IllegalArgumentException(path + " has no column '" + place.column.column.name() + "': it has "
                        + schema.getFields().stream().map(Type::getName).toList());
            }
        }
    }

    /** The number in the file of the first row delivered last. */
    public long firstRow() {
        return firstRow;
    }

    /**
     * Delivers the next rows, all columns of each.
     *
     * @return how many, at most as many as asked for; 0 at the end of the file
     */
    public int next(int most) throws IOException {
        while (left == 0) {
            if (rowGroup == reader.getRowGroups().size()) {
                return 0;
            }
            nextRowGroup();
        }
        int rows = (int) Math.min(most, left);
        firstRow = nextRow;
        nextRow += rows;
        left -= rows;
        for (Delivery column : columns) {
            column.deliver(rows);
        }
        return rows;
    }

    private void nextRowGroup() throws IOException {
        long rows = reader.getRowGroups().get(rowGroup).getRowCount();
        if (isRead.test(rowGroup++)) {
            begin(Objects.requireNonNull(reader.readNextRowGroup(), "the footer names it"));
        } else {
            reader.skipNextRowGroup();
            nextRow += rows;
        }
    }

    private void begin(PageReadStore rowGroup) throws IOException {
        left = rowGroup.getRowCount();
        List<Converter> converters = places.stream()
                .filter(place -> place.index >= 0)
                .<Converter>map(place -> new SinkConverter(
                        place.column.sink, wanted.getType(place.index).asPrimitiveType()))
                .toList();
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                rowGroup,
                new Converters(converters),
                wanted,
                reader.getFooter().getFileMetaData().getCreatedBy());
        columns = new ArrayList<>();
        for (Place place : places) {
            columns.add(delivery(place, rowGroup, store));
        }
    }

    private Delivery delivery(Place place, PageReadStore rowGroup, ColumnReadStoreImpl store) throws IOException {
        ColumnSink sink = place.column.sink;
        if (place.index < 0) {
            return rows -> nulls(rows, sink);
        }
        ColumnDescriptor descriptor = wanted.getColumns().get(place.index);
        if (NumberColumn.reads(descriptor.getPrimitiveType().getPrimitiveTypeName())) {
            PageReader pages = rowGroup.getPageReader(descriptor);
            return new NumberColumn(pages, descriptor, place.column.column.type(), sink, chunk)::deliver;
        }
        ColumnReader column = store.getColumnReader(descriptor);
        return rows -> singly(column, descriptor.getMaxDefinitionLevel(), rows, sink);
    }

    private static void nulls(int rows, ColumnSink sink) {
        for (int row = 0; row < rows; row++) {
            sink.appendNull();
        }
    }

    /** Texts and booleans, one by one. */
    private static void singly(ColumnReader column, int present, int rows, ColumnSink sink) {
        for (int row = 0; row < rows; row++) {
            if (column.getCurrentDefinitionLevel() == present) {
                column.writeCurrentValueToConverter();
            } else {
                sink.appendNull();
            }
            column.consume();
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Hands each column to its converter; nobody assembles records. */
    private static final class Converters extends GroupConverter {
        private final List<Converter> fields;

        Converters(List<Converter> fields) {
            this.fields = fields;
        }

        @Override
        public Converter getConverter(int field) {
            return fields.get(field);
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
