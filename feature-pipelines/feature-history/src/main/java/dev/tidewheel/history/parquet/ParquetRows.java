package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to a Parquet file, compressed with Zstandard. The same rows give the same bytes, in any process. Not
 * thread-safe.
 *
 * <p>Every column is optional, so that a null needs no value that stands for it. Row groups are cut by rows, so that a
 * reader's memory depends on the columns alone.
 */
public final class ParquetRows implements AutoCloseable {
    private static final int ROWS_PER_GROUP = 131_072;
    /** Not reached: a row group would end by bytes before it ends by rows. */
    private static final long GROUP_BYTES = 1L << 40;

    private final Path path;
    private final ParquetWriter<Row> writer;

    private ParquetRows(Path path, ParquetWriter<Row> writer) {
        this.path = path;
        this.writer = writer;
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
        Rows rows = new Rows(message(name, schema, layout), schema, layout);
        ParquetWriter<Row> writer = new Builder(new LocalOutputFile(path), rows)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupRowCountLimit(ROWS_PER_GROUP)
                .withRowGroupSize(GROUP_BYTES)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .build();
        return new ParquetRows(path, writer);
    }

    public void write(Row row) throws IOException {
        writer.write(row);
    }

    /** Writes the footer: before that, the file cannot be read. */
    @Override
    public void close() throws IOException {
        writer.close();
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

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final Rows rows;

        Builder(OutputFile file, Rows rows) {
            super(file);
            this.rows = rows;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Row> getWriteSupport(Configuration conf) {
            return rows;
        }
    }

    /** Hands a row's slots to Parquet. */
    private static final class Rows extends WriteSupport<Row> {
        private final MessageType message;
        private final RowSchema schema;
        private final long timeUnits;
        private @Nullable RecordConsumer consumer;

        Rows(MessageType message, RowSchema schema, RowLayout layout) {
            this.message = message;
            this.schema = schema;
            this.timeUnits = layout == RowLayout.TABLE ? 1_000 : 1;
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(message, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            this.consumer = consumer;
        }

        @Override
        public void write(Row row) {
            RecordConsumer out = Objects.requireNonNull(consumer, "Parquet prepares before it writes");
            out.startMessage();
            for (int slot = 0; slot < schema.size(); slot++) {
                if (!row.isNull(slot)) {
                    out.startField(schema.column(slot).name(), slot);
                    value(row, slot, out);
                    out.endField(schema.column(slot).name(), slot);
                }
            }
            out.endMessage();
        }

        private void value(Row row, int slot, RecordConsumer out) {
            switch (schema.column(slot).type()) {
                case INT64 -> out.addLong(row.getLong(slot));
                case TIMESTAMP -> out.addLong(Math.multiplyExact(row.getLong(slot), timeUnits));
                case FLOAT64 -> out.addDouble(row.getDouble(slot));
                case BOOL -> out.addBoolean(row.getBoolean(slot));
                case STRING, JSON -> out.addBinary(Binary.fromString(String.valueOf(row.getString(slot))));
            }
        }
    }
}
