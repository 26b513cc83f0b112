package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.row.ColumnType;
import java.time.Duration;
import java.util.Optional;

/** From a document to a {@link Source}. */
final class SourceBinder {
    private static final Duration FUTURE_LIMIT = Duration.ofMinutes(10);

    private final Problems problems;

    SourceBinder(Problems problems) {
        this.problems = problems;
    }

    /** Empty if its schema is no schema, because then nothing can be said about its columns. */
    Optional<BoundSource> bind(Draft draft, Yaml schema) {
        return AvroColumns.read(schema, problems).map(columns -> bind(draft, schema, columns));
    }

    private BoundSource bind(Draft draft, Yaml schema, Columns columns) {
        Fields spec = draft.spec();
        columns.slot(spec.scalar("eventTime"), problems, ColumnType.TIMESTAMP);
        spec.maybe("knownTime").ifPresent(name -> columns.slot(name, problems, ColumnType.TIMESTAMP));
        spec.maybe("eventId").ifPresent(name -> columns.slot(name, problems, ColumnType.INT64, ColumnType.STRING));
        Source source = new Source(
                draft.name(),
                spec.fields("kafka").text("topic"),
                SourceFormat.of(spec.fields("kafka").text("format")),
                CanonicalJson.of(schema),
                columns.schema(),
                spec.text("eventTime"),
                spec.maybe("knownTime").map(Scalar::text),
                spec.maybe("eventId").map(Scalar::text),
                duration(spec.scalar("horizon")),
                spec.maybe("futureLimit").map(SourceBinder::duration).orElse(FUTURE_LIMIT),
                duration(spec, "idle", Defaults.IDLE),
                duration(spec, "watermarkDelay", Defaults.WATERMARK_DELAY));
        return new BoundSource(source, columns);
    }

    private static Duration duration(Fields spec, String key, String unlessWritten) {
        return Scalars.duration(spec.maybe(key).map(Scalar::text).orElse(unlessWritten))
                .orElseThrow();
    }

    static Duration duration(Scalar text) {
        return Scalars.duration(text.text()).orElseThrow();
    }
}
