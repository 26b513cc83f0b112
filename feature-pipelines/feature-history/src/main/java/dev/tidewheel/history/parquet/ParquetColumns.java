package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The flat columns of one Parquet file, read by name, a row group at a time. Integers of any width become 64 bits,
 * floats doubles, timestamps epoch milliseconds (finer ones are floored). Not thread-safe.
 */
public final class ParquetColumns implements AutoCloseable {
    private final Path path;
    private final ParquetFileReader reader;
    private final MessageType schema;
    private final String createdBy;
    private final long[] chunk = new long[NumberColumn.CHUNK];
    private @Nullable PageReadStore rowGroup;

    private ParquetColumns(Path path, ParquetFileReader reader) {
        this.path = path;
        this.reader = reader;
        this.schema = reader.getFooter().getFileMetaData().getSchema();
        this.createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
    }

    /**
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no Parquet file
     */
    public static ParquetColumns open(Path path) throws IOException {
        return new ParquetColumns(path, LocalFile.open(path));
    }

    /** The key-value pairs of the file's footer. */
    public Map<String, String> metadata() {
        return reader.getFooter().getFileMetaData().getKeyValueMetaData();
    }

    /** How many rows the file has. */
    public long rows() {
        return reader.getRecordCount();
    }

    /**
     * All columns, in the order of the file.
     *
     * @throws IllegalArgumentException if one is nested, or of a type that rows do not have
     */
    public List<Column> columns() {
        return schema.getFields().stream().map(this::column).toList();
    }

    private Column column(Type field) {
        ColumnType type = StoredType.of(field);
        if (type == null) {
            throw unsupported(field);
        }
        return new Column(field.getName(), type);
    }

    private IllegalArgumentException unsupported(Type field) {
        return new IllegalArgumentException(path + ": column '" + field.getName() + "' is " + field
                + "; a column holds integers (none of 64 bits without a sign), floating-point numbers, booleans, strings or timestamps: convert it, or"
                + " leave it out of the file");
    }

    /**
     * Checks that {@link #read} can deliver a column.
     *
     * @throws IllegalArgumentException if it is missing, nested or of a type that does not fit
     */
    public void require(Column column) {
        if (!schema.containsPath(new String[] {column.name()})) {
            throw new IllegalArgumentException(path + " has no flat column '" + column.name() + "': it has "
                    + schema.getFields().stream().map(field -> field.getName()).toList());
        }
        StoredType.require(path, column, schema.getType(column.name()));
    }

    /** Goes to the next row group, if there is one. */
    public boolean nextRowGroup() throws IOException {
        rowGroup = reader.readNextRowGroup();
        return rowGroup != null;
    }

    /** Delivers a column of the row group. */
    public void read(Column column, ColumnSink sink) {
        if (rowGroup == null) {
            throw new IllegalStateException("no row group: call nextRowGroup() first");
        }
        ColumnDescriptor descriptor = descriptor(column);
        PrimitiveTypeName stored = descriptor.getPrimitiveType().getPrimitiveTypeName();
        if (NumberColumn.reads(stored)) {
            readNumbers(rowGroup, descriptor, column.type(), sink);
        } else {
            readSingly(rowGroup, descriptor, sink);
        }
    }

    private void readNumbers(PageReadStore from, ColumnDescriptor descriptor, ColumnType type, ColumnSink sink) {
        try {
            new NumberColumn(from.getPageReader(descriptor), descriptor, type, sink, chunk).deliver(from.getRowCount());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private void readSingly(PageReadStore from, ColumnDescriptor descriptor, ColumnSink sink) {
        ColumnReader values =
                new ColumnReadStoreImpl(from, new NoRecords(), schema, createdBy).getColumnReader(descriptor);
        Source source = source(descriptor, values);
        for (long left = values.getTotalValueCount(); left > 0; left--) {
            if (values.getCurrentDefinitionLevel() == descriptor.getMaxDefinitionLevel()) {
                source.appendTo(sink);
            } else {
                sink.appendNull();
            }
            values.consume();
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private ColumnDescriptor descriptor(Column column) {
        return schema.getColumnDescription(new String[] {column.name()});
    }

    /** Moves the current value of a column into a sink. */
    private interface Source {
        void appendTo(ColumnSink sink);
    }

    /** Of a text or boolean. */
    private Source source(ColumnDescriptor descriptor, ColumnReader values) {
        return switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> sink -> sink.appendWord(values.getBoolean() ? 1 : 0);
            case BINARY -> sink -> sink.appendString(values.getBinary().toStringUsingUTF8());
            case INT32, INT64, FLOAT, DOUBLE, INT96, FIXED_LEN_BYTE_ARRAY ->
                throw new IllegalArgumentException(
                        path + ": column '" + descriptor.getPath()[0] + "' is " + descriptor.getPrimitiveType()
                                + ", which is not supported");
        };
    }
}
