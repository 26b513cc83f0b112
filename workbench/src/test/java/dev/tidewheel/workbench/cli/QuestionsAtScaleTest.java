package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command with questions and labels of files, out of order: four windows with a count and a sum each.
 * {@code -Dtidewheel.questions=5000000} makes it large; tests have a gigabyte of heap.
 */
class QuestionsAtScaleTest {
    private static final int QUESTIONS = Integer.getInteger("tidewheel.questions", 20_000);
    private static final int EVENTS = QUESTIONS / 5;
    private static final int KEYS = EVENTS / 20;
    private static final long HOUR = 3_600_000;
    private static final long START = 1_577_836_800_000L;
    private static final long SPAN = 90 * 24 * HOUR;
    private static final RowSchema EVENT = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("customer", ColumnType.INT64),
            new Column("moment", ColumnType.TIMESTAMP),
            new Column("amount", ColumnType.INT64)));
    private static final RowSchema QUESTION = new RowSchema(EVENT.columns().subList(0, 3));
    private static final RowSchema LABEL =
            new RowSchema(List.of(new Column("id", ColumnType.INT64), new Column("odd", ColumnType.BOOL)));

    @TempDir
    private Path folder;

    @Test
    void asManyAsAreAsked() throws Exception {
        write(
                "events.parquet",
                EVENT,
                EVENTS,
                event -> new Row(EVENT.size())
                        .setLong(0, event)
                        .setLong(1, key(event))
                        .setLong(2, happened(event))
                        .setLong(3, 1));
        write(
                "q.parquet",
                QUESTION,
                QUESTIONS,
                question -> new Row(QUESTION.size())
                        .setLong(0, question)
                        .setLong(1, key(question))
                        .setLong(2, moment(question)));
        write(
                "labels.parquet",
                LABEL,
                QUESTIONS,
                label -> new Row(LABEL.size())
                        .setLong(0, QUESTIONS - 1 - label)
                        .setBoolean(1, (QUESTIONS - 1 - label) % 2 == 1));

        long start = System.nanoTime();
        int code = Tidewheel.run(
                "training-set",
                "--definitions",
                "../benchmarks/src/main/resources/history",
                "--history",
                "events=" + folder.resolve("events.parquet"),
                "--service",
                "checkout",
                "--questions",
                folder.resolve("q.parquet").toString(),
                "--time",
                "moment",
                "--id",
                "id",
                "--labels",
                folder.resolve("labels.parquet").toString(),
                "--on",
                "id",
                "--label",
                "odd",
                "--out",
                folder.resolve("set").toString());
        System.out.printf(
                "%,d questions and labels, %,d events: %.1f s, heap of %,d MB%n",
                QUESTIONS,
                EVENTS,
                (System.nanoTime() - start) / 1e9,
                Runtime.getRuntime().maxMemory() >> 20);

        assertThat(code).isEqualTo(ExitCode.OK);
        compare(TrainingSet.open(folder.resolve("set")));
    }

    private static void compare(TrainingSet set) throws IOException {
        assertThat(set.rows()).isEqualTo(QUESTIONS);
        assertThat(set.times()).isSorted();
        double[] questions = set.numbers("question");
        double[] labels = set.labels();
        double[] counts = set.numbers("spending.purchases_24h");
        for (int row = 0; row < QUESTIONS; row += QUESTIONS / 50) {
            int question = (int) questions[row];
            assertThat(labels[row]).as("question %d", question).isEqualTo(question % 2);
            assertThat(counts[row]).as("question %d", question).isEqualTo(count(question));
        }
    }

    /** A day back, rounded down to the hour. */
    private static double count(int question) {
        long t = moment(question);
        long from = Math.floorDiv(t - 24 * HOUR, HOUR) * HOUR;
        return IntStream.range(0, EVENTS)
                .filter(event -> key(event) == key(question) && happened(event) >= from && happened(event) < t)
                .count();
    }

    private void write(String name, RowSchema schema, int rows, IntFunction<Row> row) throws IOException {
        try (ParquetRows out = ParquetRows.create(folder.resolve(name), "rows", schema)) {
            for (int number = 0; number < rows; number++) {
                out.write(row.apply(number));
            }
        }
    }

    private static long happened(int event) {
        return START + event * SPAN / EVENTS;
    }

    /** In no order. */
    private static long moment(int question) {
        return START + SPAN / 3 + Math.floorMod(mixed(~question), SPAN * 2 / 3);
    }

    private static long key(int number) {
        return Math.floorMod(mixed(number), KEYS);
    }

    private static long mixed(long number) {
        long hash = number * 0x9E3779B97F4A7C15L;
        return (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L >>> 16;
    }
}
