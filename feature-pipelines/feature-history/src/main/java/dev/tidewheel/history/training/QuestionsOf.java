package dev.tidewheel.history.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewheel.definitions.ModelPlan;
import dev.tidewheel.history.questions.TableColumns;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a training set is asked with, in the terms of the command.
 *
 * @param kind where questions come from
 * @param name of the source, the file or the table; null for {@link Kind#EVERY_KEY}
 * @param digest of the file
 * @param at the column that says when
 * @param id the column that tells questions apart
 * @param entities for each of the service's entities that stands in a column of another name, that column
 * @param label the column of the label beside the question
 * @param labelKnown when that label could be known
 * @param labels labels of a table of their own
 * @param times the moments of {@link Kind#EVERY_KEY}, ISO-8601
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record QuestionsOf(
        Kind kind,
        @Nullable String name,
        @Nullable String digest,
        @Nullable String at,
        @Nullable String id,
        Map<String, String> entities,
        @Nullable String label,
        @Nullable String labelKnown,
        @Nullable LabelsOf labels,
        List<String> times) {

    /** Where questions come from. */
    public enum Kind {
        /** Events of a model's source. */
        MODEL,
        /** Rows of a Parquet file. */
        FILE,
        /** Rows of an Iceberg table. */
        TABLE,
        /** Every key at given moments. */
        EVERY_KEY
    }

    /**
     * Labels that are told apart from their questions.
     *
     * @param name of the file or table
     * @param digest of the file; null for a table
     * @param on the columns by which they find their questions
     * @param column the label
     * @param known when it could be known; null where nobody says
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LabelsOf(
            String name,
            @Nullable String digest,
            List<String> on,
            String column,
            @Nullable String known) {
        public LabelsOf {
            on = List.copyOf(on);
        }
    }

    public QuestionsOf {
        Objects.requireNonNull(kind, "kind");
        entities = entities == null ? Map.of() : Map.copyOf(entities);
        times = times == null ? List.of() : List.copyOf(times);
    }

    /** The events of a model's source, by the model's own columns. */
    public static QuestionsOf model(ModelPlan plan) {
        return new QuestionsOf(
                Kind.MODEL,
                plan.source().name(),
                null,
                plan.model().at(),
                null,
                plan.model().entities(),
                null,
                null,
                null,
                List.of());
    }

    /**
     * The rows of a file or table.
     *
     * @param digest of the file; null for a table
     * @param labels null unless they stand in a table of their own
     */
    public static QuestionsOf rows(
            String name, @Nullable String digest, TableColumns columns, @Nullable LabelsOf labels) {
        return new QuestionsOf(
                digest == null ? Kind.TABLE : Kind.FILE,
                name,
                digest,
                columns.at(),
                columns.id().orElse(null),
                columns.entities(),
                columns.label().orElse(null),
                columns.labelKnown().orElse(null),
                labels,
                List.of());
    }

    /** Every key at some moments. */
    public static QuestionsOf everyKey(List<Instant> times) {
        List<String> sorted =
                times.stream().distinct().sorted().map(Instant::toString).toList();
        return new QuestionsOf(Kind.EVERY_KEY, null, null, null, null, Map.of(), null, null, null, sorted);
    }
}
