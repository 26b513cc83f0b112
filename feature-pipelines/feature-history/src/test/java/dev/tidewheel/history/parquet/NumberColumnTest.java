package dev.tidewheel.history.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.parquet.ParquetBatches.Wanted;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers of files as other writers lay them out, against those that were written. */
class NumberColumnTest {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message numbers {
              optional int32 narrow;
              required int64 wide;
              optional int64 mostly;
              optional int64 never;
              optional float single;
              optional double twice;
              optional int64 millis (TIMESTAMP(MILLIS,true));
              optional int64 micros (TIMESTAMP(MICROS,true));
              optional int64 nanos (TIMESTAMP(NANOS,false));
              optional boolean flag;
            }""");
    private static final int ROWS = 25_000;

    @TempDir
    private Path folder;

    static Stream<Arguments> layouts() {
        return Stream.of(WriterVersion.values())
                .flatMap(version -> Stream.of(true, false).map(dictionary -> Arguments.of(version, dictionary)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void valuesAreThoseThatWereWritten(WriterVersion version, boolean dictionary) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path file = folder.resolve("numbers.parquet");
        List<Group> rows = random(random);
        write(file, rows, version, dictionary);

        List<Column> columns = new ArrayList<>();
        try (ParquetColumns parquet = ParquetColumns.open(file)) {
            columns.addAll(parquet.columns());
            List<ColumnBuffer> found = columns.stream().map(ColumnBuffer::new).toList();
            while (parquet.nextRowGroup()) {
                found.forEach(buffer -> parquet.read(buffer.column(), buffer));
            }
            assertRows(found, rows, seed);
        }
        columns.replaceAll(
                column -> column.name().equals("narrow") ? new Column("narrow", ColumnType.FLOAT64) : column);
        assertRows(batches(file, columns, random), rows, seed);
    }

    @Test
    void theLayoutsAreThoseThatAreDecodedInTheirOwnWays() throws IOException {
        Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
        for (Arguments layout : layouts().toList()) {
            Path file = folder.resolve("layout.parquet");
            write(file, random(new Random(1)), (WriterVersion) layout.get()[0], (Boolean) layout.get()[1]);
            try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
                reader.getRowGroups()
                        .forEach(group -> group.getColumns()
                                .forEach(chunk -> encodings.addAll(new HashSet<>(chunk.getEncodings()))));
            }
        }
        assertThat(encodings)
                .contains(
                        Encoding.PLAIN,
                        Encoding.PLAIN_DICTIONARY,
                        Encoding.RLE_DICTIONARY,
                        Encoding.DELTA_BINARY_PACKED);
    }

    private static List<ColumnBuffer> batches(Path file, List<Column> columns, Random random) throws IOException {
        List<ColumnBuffer> found = columns.stream().map(ColumnBuffer::new).toList();
        List<Wanted> wanted = found.stream()
                .map(buffer -> new Wanted(buffer.column(), OptionalInt.empty(), buffer))
                .toList();
        try (ParquetBatches batches = ParquetBatches.open(file, wanted, group -> true)) {
            batches.requireAll();
            while (batches.next(1 + random.nextInt(5_000)) > 0) {}
        }
        return found;
    }

    private static void assertRows(List<ColumnBuffer> found, List<Group> rows, long seed) {
        for (ColumnBuffer column : found) {
            assertThat(column.size()).isEqualTo(rows.size());
            for (int row = 0; row < rows.size(); row++) {
                assertThat(column.isNull(row) ? null : column.word(row))
                        .describedAs("%s, row %d, seed %d", column.column(), row, seed)
                        .isEqualTo(word(rows.get(row), column.column()));
            }
        }
    }

    /** As a row has it; null for a null. */
    private static @Nullable Long word(Group row, Column column) {
        String name = column.name();
        if (row.getFieldRepetitionCount(name) == 0) {
            return null;
        }
        return switch (name) {
            case "narrow" ->
                column.type() == ColumnType.FLOAT64
                        ? Double.doubleToLongBits(row.getInteger(name, 0))
                        : (long) row.getInteger(name, 0);
            case "single" -> Double.doubleToLongBits(row.getFloat(name, 0));
            case "twice" -> Double.doubleToLongBits(row.getDouble(name, 0));
            case "micros" -> Math.floorDiv(row.getLong(name, 0), 1_000);
            case "nanos" -> Math.floorDiv(row.getLong(name, 0), 1_000_000);
            case "flag" -> row.getBoolean(name, 0) ? 1L : 0L;
            default -> row.getLong(name, 0);
        };
    }

    private static List<Group> random(Random random) {
        SimpleGroupFactory factory = new SimpleGroupFactory(SCHEMA);
        List<Group> rows = new ArrayList<>();
        boolean gap = false;
        for (int i = 0; i < ROWS; i++) {
            gap = random.nextInt(300) == 0 ? !gap : gap; // Runs of nulls, and of values, longer than a page.
            Group row = factory.newGroup().append("wide", random.nextBoolean() ? random.nextLong() : i % 7);
            if (!gap) {
                row.append("narrow", random.nextInt(50) - 25);
                row.append("single", random.nextInt(3) == 0 ? Float.NaN : random.nextFloat());
                row.append("nanos", random.nextLong());
            }
            if (random.nextInt(3_000) != 0) {
                row.append("mostly", i * 31L);
            }
            if (random.nextBoolean()) {
                row.append("twice", (double) random.nextInt(9)).append("flag", random.nextBoolean());
                row.append("millis", random.nextLong() >> 20).append("micros", random.nextLong());
            }
            rows.add(row);
        }
        return rows;
    }

    private static void write(Path file, List<Group> rows, WriterVersion version, boolean dictionary)
            throws IOException {
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(SCHEMA)
                .withWriterVersion(version)
                .withDictionaryEncoding(dictionary)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                .withPageRowCountLimit(1_700)
                .withRowGroupRowCountLimit(9_000)
                .build()) {
            for (Group row : rows) {
                writer.write(row);
            }
        }
    }
}
