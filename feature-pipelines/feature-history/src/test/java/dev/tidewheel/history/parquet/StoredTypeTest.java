package dev.tidewheel.history.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.parquet.ParquetBatches.Wanted;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns by their annotations: read as what they are, or refused by both readers. */
class StoredTypeTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> strangers() {
        return Stream.of(
                Arguments.of("optional int32 x (DECIMAL(9,2))", ColumnType.FLOAT64),
                Arguments.of("optional int32 x (DECIMAL(9,2))", ColumnType.INT64),
                Arguments.of("optional int64 x (DECIMAL(18,2))", ColumnType.FLOAT64),
                Arguments.of("optional int32 x (DATE)", ColumnType.TIMESTAMP),
                Arguments.of("optional int32 x (DATE)", ColumnType.INT64),
                Arguments.of("optional int32 x (TIME(MILLIS,true))", ColumnType.TIMESTAMP),
                Arguments.of("optional int64 x (TIME(MICROS,true))", ColumnType.TIMESTAMP),
                Arguments.of("optional int64 x (TIMESTAMP(MICROS,true))", ColumnType.FLOAT64),
                Arguments.of("optional int64 x (INTEGER(64,false))", ColumnType.INT64),
                Arguments.of("optional binary x (DECIMAL(30,2))", ColumnType.STRING),
                Arguments.of("repeated int64 x", ColumnType.INT64),
                Arguments.of("repeated binary x (STRING)", ColumnType.STRING));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void whatItIsNotIsRefusedWithItsPlace(String field, ColumnType wanted) throws IOException {
        Path file = write(field, row -> row);
        Column column = new Column("x", wanted);

        assertThatThrownBy(() -> batch(file, column))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": column 'x' is " + field)
                .hasMessageContaining(wanted + " is wanted: convert it, in the file, to ");
        try (ParquetColumns parquet = ParquetColumns.open(file)) {
            assertThatThrownBy(() -> parquet.require(column))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file + ": column 'x' is " + field)
                    .hasMessageContaining(wanted + " is wanted: convert it, in the file, to ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " (INTEGER(32,false))", " (INTEGER(32,true))", " (INTEGER(16,true))"})
    void integersHaveTheSignThatTheirAnnotationSays(String annotation) throws IOException {
        Path file = write("optional int32 x" + annotation, row -> row.append("x", -1_294_967_296));
        long value = annotation.contains("false") ? 3_000_000_000L : -1_294_967_296L;

        for (ColumnType wanted : List.of(ColumnType.INT64, ColumnType.FLOAT64)) {
            Column column = new Column("x", wanted);
            long word = wanted == ColumnType.INT64 ? value : Double.doubleToLongBits(value);
            assertThat(batch(file, column).word(0)).isEqualTo(word);
            try (ParquetColumns parquet = ParquetColumns.open(file)) {
                ColumnBuffer found = new ColumnBuffer(column);
                parquet.require(column);
                parquet.nextRowGroup();
                parquet.read(column, found);
                assertThat(found.word(0)).isEqualTo(word);
            }
        }
    }

    @Test
    void aColumnWithoutADictionaryHasNoSignEither() throws IOException {
        Path file = folder.resolve("plain.parquet");
        write(file, parquet("required int32 x (INTEGER(32,false))"), row -> row.append("x", -1), false);

        assertThat(batch(file, new Column("x", ColumnType.INT64)).word(0)).isEqualTo(4_294_967_295L);
    }

    @ParameterizedTest
    @CsvSource({"(STRING), STRING", "(JSON), JSON", "(ENUM), STRING", "'', STRING"})
    void textsAreOfAnyKind(String annotation, ColumnType wanted) throws IOException {
        Path file = write("optional binary x " + annotation, row -> row.append("x", Binary.fromString("a")));

        assertThat(batch(file, new Column("x", wanted)).text(0)).isEqualTo("a");
    }

    private static ColumnBuffer batch(Path file, Column column) throws IOException {
        ColumnBuffer found = new ColumnBuffer(column);
        Wanted wanted = new Wanted(column, OptionalInt.empty(), found);
        try (ParquetBatches batches = ParquetBatches.open(file, List.of(wanted), group -> true)) {
            assertThat(batches.next(10)).isEqualTo(1);
        }
        return found;
    }

    private static MessageType parquet(String field) {
        return MessageTypeParser.parseMessageType("message m { " + field + "; }");
    }

    private Path write(String field, UnaryOperator<Group> row) throws IOException {
        Path file = folder.resolve("typed.parquet");
        write(file, parquet(field), row, true);
        return file;
    }

    private static void write(Path file, MessageType schema, UnaryOperator<Group> row, boolean dictionary)
            throws IOException {
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(schema)
                .withDictionaryEncoding(dictionary)
                .build()) {
            writer.write(row.apply(new SimpleGroupFactory(schema).newGroup()));
        }
    }
}
