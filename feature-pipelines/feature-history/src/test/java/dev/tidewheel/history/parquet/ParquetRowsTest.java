package dev.tidewheel.history.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of files: sets that were built before must not change. */
class ParquetRowsTest {
    private static final RowSchema SCHEMA = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("x", ColumnType.FLOAT64),
            new Column("flag", ColumnType.BOOL),
            new Column("few", ColumnType.STRING),
            new Column("long", ColumnType.STRING)));
    private static final int ROWS = 150_000; // More than a row group.
    private static final int TAIL = 8;

    @TempDir
    private Path folder;

    @Test
    void bytesAreThoseOfParquetsOwnWriter() throws IOException {
        long seed = new Random().nextLong();
        Path ours = folder.resolve("ours.parquet");
        try (ParquetRows rows = ParquetRows.create(ours, "row", SCHEMA)) {
            Random random = new Random(seed);
            for (int i = 0; i < ROWS; i++) {
                rows.write(row(i, random));
            }
        }
        Path theirs = folder.resolve("theirs.parquet");
        MessageType message;
        try (ParquetFileReader reader = LocalFile.open(ours)) {
            message = reader.getFooter().getFileMetaData().getSchema();
            assertThat(reader.getRowGroups()).hasSize(2);
        }
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(theirs))
                .withType(message)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupRowCountLimit(131_072)
                .withRowGroupSize(1L << 40)
                .build()) {
            Random random = new Random(seed);
            for (int i = 0; i < ROWS; i++) {
                writer.write(group(message, row(i, random)));
            }
        }
        // The footer of the other one names its model, too.
        assertThat(rowGroups(ours)).describedAs("seed %d", seed).isEqualTo(rowGroups(theirs));
    }

    private static byte[] rowGroups(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - TAIL);
        return Arrays.copyOf(bytes, bytes.length - TAIL - footer);
    }

    /** With texts long enough for pages to end by their size before they end by their rows. */
    private static Row row(int number, Random random) {
        Row row = new Row(SCHEMA.size()).setLong(0, number).setLong(1, random.nextLong() >> 8);
        if (random.nextInt(3) > 0) {
            row.setDouble(2, random.nextGaussian()).setBoolean(3, random.nextBoolean());
        }
        if (random.nextInt(9) > 0) {
            row.setString(4, "v" + random.nextInt(50));
        }
        return random.nextInt(20) == 0
                ? row
                : row.setString(5, Long.toHexString(random.nextLong()).repeat(8));
    }

    private static Group group(MessageType message, Row row) {
        Group group = new SimpleGroup(message);
        for (int slot = 0; slot < SCHEMA.size(); slot++) {
            if (!row.isNull(slot)) {
                switch (SCHEMA.column(slot).type()) {
                    case INT64, TIMESTAMP -> group.add(slot, row.getLong(slot));
                    case FLOAT64 -> group.add(slot, row.getDouble(slot));
                    case BOOL -> group.add(slot, row.getBoolean(slot));
                    case STRING, JSON -> group.add(slot, String.valueOf(row.getString(slot)));
                }
            }
        }
        return group;
    }
}
