package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes rows to a Parquet file, compressed with Zstandard. The same rows give the same bytes, in any process. Not
 * thread-safe.
 *
 * <p>Every column is optional, so that a null needs no value that stands for it. Row groups are cut by rows, so that a
 * reader's memory depends on the columns alone.
 */
public final class ParquetRows implements AutoCloseable {
    private static final int ROWS_PER_GROUP = 131_072;
    /** The definition level of a value that is not null. */
    private static final int PRESENT = 1;

    /** Not reached: a row group would end by bytes before it ends by rows. */
    private static final long GROUP_BYTES = 1L << 40;

    private final Path path;
    private final ColumnType[] types;
    private final MessageType message;
    private final long timeUnits;
    private final ParquetProperties properties = ParquetProperties.builder().build();
    private final CodecFactory codecs = new CodecFactory(LocalFile.NO_DEFAULTS, properties.getPageSizeThreshold());
    private final ParquetFileWriter file;
    private Group group;

    private ParquetRows(Path path, String name, RowSchema schema, RowLayout layout) throws IOException {
        this.path = path;
        this.types = schema.columns().stream().map(Column::type).toArray(ColumnType[]::new);
        this.message = message(name, schema, layout);
        this.timeUnits = layout == RowLayout.TABLE ? 1_000 : 1;
        this.file = new ParquetFileWriter(
                new LocalOutputFile(path),
                message,
                ParquetFileWriter.Mode.OVERWRITE,
                GROUP_BYTES,
                ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
                null,
                properties);
        file.start();
        this.group = new Group();
    }

    /**
     * Starts a file, replacing an older one.
     *
     * @param name of the rows' type, written into the file's schema
     */
    public static ParquetRows create(Path path, String name, RowSchema schema) throws IOException {
        return create(path, name, schema, RowLayout.FILE);
    }

    /** The same in a layout. */
    public static ParquetRows create(Path path, String name, RowSchema schema, RowLayout layout) throws IOException {
        return new ParquetRows(path, name, schema, layout);
    }

    public void write(Row row) throws IOException {
        group.write(row);
        if (group.rows == ROWS_PER_GROUP) {
            group.end();
            group = new Group();
        }
    }

    /** Writes the footer: before that, the file cannot be read. */
    @Override
    public void close() throws IOException {
        try (file) {
            group.end();
            file.end(Map.of());
        } finally {
            codecs.release();
        }
        CanonicalFooter.write(path);
    }

    private static MessageType message(String name, RowSchema schema, RowLayout layout) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (int slot = 0; slot < schema.size(); slot++) {
            Type field = field(schema.column(slot), layout);
            message.addField(layout == RowLayout.TABLE ? field.withId(slot + 1) : field);
        }
        return message.named(name);
    }

    private static Type field(Column column, RowLayout layout) {
        return switch (column.type()) {
            case INT64 -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
            case FLOAT64 -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
            case BOOL -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.name());
            case STRING, JSON ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column.name());
            case TIMESTAMP ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.timestampType(
                                true, layout == RowLayout.TABLE ? TimeUnit.MICROS : TimeUnit.MILLIS))
                        .named(column.name());
        };
    }

    /**
     * The rows since the last group ended. They go to the columns directly, row by row: where a page ends depends on all columns,
     * and so do the bytes.
     */
    private final class Group {
        private final ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                codecs.getCompressor(CompressionCodecName.ZSTD),
                message,
                properties.getAllocator(),
                properties.getColumnIndexTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        private final ColumnWriteStore store = properties.newColumnWriteStore(message, pages, pages);
        private final ColumnWriter[] columns =
                message.getColumns().stream().map(store::getColumnWriter).toArray(ColumnWriter[]::new);
        private int rows;

        void write(Row row) {
            for (int slot = 0; slot < columns.length; slot++) {
                if (row.isNull(slot)) {
                    columns[slot].writeNull(0, 0);
                } else {
                    value(row, slot, columns[slot]);
                }
            }
            store.endRecord();
            rows++;
        }

        private void value(Row row, int slot, ColumnWriter out) {
            switch (types[slot]) {
                case INT64 -> out.write(row.getLong(slot), 0, PRESENT);
                case TIMESTAMP -> out.write(Math.multiplyExact(row.getLong(slot), timeUnits), 0, PRESENT);
                case FLOAT64 -> out.write(row.getDouble(slot), 0, PRESENT);
                case BOOL -> out.write(row.getBoolean(slot), 0, PRESENT);
                case STRING, JSON -> out.write(Binary.fromString(String.valueOf(row.getString(slot))), 0, PRESENT);
            }
        }

        void end() throws IOException {
            try (pages;
                    store) {
                if (rows > 0) {
                    file.startBlock(rows);
                    store.flush();
                    pages.flushToFileWriter(file);
                    file.endBlock();
                }
            }
        }
    }
}
