package dev.tidewheel.benchmarks;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * The files that all sides read: events and questions as Parquet, in the order of time, and our definitions. Made once;
 * moved to their names when they are whole. Times are integers, which cost no side a conversion.
 */
final class HistoryData {
    private static final List<String> DEFINITIONS = List.of(
            "event.avsc",
            "question.avsc",
            "events.yaml",
            "questions.yaml",
            "view.yaml",
            "service.yaml",
            "model.yaml",
            "latest.yaml",
            "latest-service.yaml",
            "latest-model.yaml");
    private static final RowSchema EVENT = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("customer", ColumnType.INT64),
            new Column("moment", ColumnType.INT64),
            new Column("amount", ColumnType.INT64)));
    private static final RowSchema QUESTION = new RowSchema(EVENT.columns().subList(0, 3));

    private final Path folder;

    /** The data in a folder that {@link #make} has filled. */
    HistoryData(Path folder) {
        this.folder = folder;
    }

    /** Makes what is not there yet. */
    static HistoryData make(HistoryShape shape, Path parent) throws IOException {
        Path folder = parent.resolve(shape.folder());
        HistoryData data = new HistoryData(folder);
        Files.createDirectories(data.definitions());
        for (String name : DEFINITIONS) {
            try (InputStream definition = HistoryData.class.getResourceAsStream("/history/" + name)) {
                Path file = data.definitions().resolve(name);
                Files.copy(Objects.requireNonNull(definition, name), file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        write(data.events(), EVENT, shape.eventStream());
        write(data.questions(), QUESTION, shape.questionStream());
        return data;
    }

    private static void write(Path file, RowSchema schema, Workload stream) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (ParquetRows rows = ParquetRows.create(unfinished, "row", schema)) {
            for (long number = 0; number < stream.events(); number++) {
                Row row = new Row(schema.size())
                        .setLong(0, number)
                        .setLong(1, stream.keyIndex(number))
                        .setLong(2, stream.eventTime(number));
                rows.write(schema.size() == QUESTION.size() ? row : row.setLong(3, stream.amount(number)));
            }
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    Path folder() {
        return folder;
    }

    Path events() {
        return folder.resolve("events.parquet");
    }

    Path questions() {
        return folder.resolve("questions.parquet");
    }

    Path definitions() {
        return folder.resolve("definitions");
    }
}
