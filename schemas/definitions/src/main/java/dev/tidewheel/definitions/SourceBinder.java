package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.view.ViewSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        return bound(input(draft.name(), spec, schema, columns), columns, spec);
    }

    /** A union's member as the registry holds it; of its times only those that a record says. */
    Optional<BoundSource> member(Fields member, Yaml schema) {
        return AvroColumns.read(schema, problems).map(columns -> {
            SourceInput input = input(member.text("name"), member, schema, columns);
            Duration none = Duration.ZERO;
            return new BoundSource(
                    new Source(
                            input.source(), List.of(input), columns.schema(), none, none, none, none, Handover.OFFSETS),
                    columns,
                    List.of(columns));
        });
    }

    private BoundSource bound(SourceInput input, Columns columns, Fields spec) {
        Source source = new Source(
                input.source(),
                List.of(input),
                columns.schema(),
                duration(spec.scalar("horizon")),
                futureLimit(spec, input.format()),
                idle(spec),
                watermarkDelay(spec),
                new HandoverReader(problems).read(spec, input));
        return new BoundSource(source, columns, List.of(columns));
    }

    private SourceInput input(String name, Fields spec, Yaml schema, Columns columns) {
        columns.slot(spec.scalar("eventTime"), problems, ColumnType.TIMESTAMP);
        SourceFormat format = SourceFormat.of(spec.fields("kafka").text("format"));
        Optional<RecordTime> recordTime = format.isOfChanges() ? recordTime(spec) : Optional.empty();
        Optional<Scalar> knownTime = format.isOfChanges() ? Optional.empty() : spec.maybe("knownTime");
        knownTime.ifPresent(column -> columns.slot(column, problems, ColumnType.TIMESTAMP));
        spec.maybe("eventId").ifPresent(column -> eventId(column, format, columns));
        spec.struct("changelog").ifPresent(changelog -> changelog(changelog, format, columns));
        return new SourceInput(
                name,
                spec.fields("kafka").text("topic"),
                format,
                CanonicalJson.of(schema),
                columns.schema(),
                spec.text("eventTime"),
                knownTime.map(Scalar::text),
                spec.maybe("eventId").map(Scalar::text),
                recordTime.orElse(RecordTime.KAFKA),
                spec.struct("changelog")
                        .map(changelog -> changelog.scalars("key").stream()
                                .map(Scalar::text)
                                .toList())
                        .orElse(List.of()),
                Map.of());
    }

    /** A column cannot say when a change was known: of a deleted row, it would say when the row was known. */
    private Optional<RecordTime> recordTime(Fields spec) {
        Optional<Scalar> written = spec.maybe("knownTime");
        Optional<RecordTime> known = written.flatMap(name -> RecordTime.of(name.text()));
        if (written.isPresent() && known.isEmpty()) {
            problems.add(
                    written.get().place(),
                    ProblemCode.BAD_VALUE,
                    written.get().what() + " cannot say when a change was known; write one of: "
                            + String.join(", ", RecordTime.words()));
        }
        return known;
    }

    private void eventId(Scalar name, SourceFormat format, Columns columns) {
        if (format.isOfChanges()) {
            problems.add(
                    name.place(),
                    ProblemCode.BAD_VALUE,
                    "the id of a change is its position, because all changes of a row would have one id; leave eventId"
                            + " out");
        } else {
            columns.slot(name, problems, ColumnType.INT64, ColumnType.STRING);
        }
    }

    /**
     * Of a row that changes, nothing may be rejected for being dated ahead: when it is taken away, it may not be ahead any
     * more, and what never counted would be taken away.
     */
    private Duration futureLimit(Fields spec, SourceFormat format) {
        Optional<Scalar> written = spec.maybe("futureLimit");
        if (!format.isOfChanges()) {
            return futureLimit(spec);
        }
        written.ifPresent(limit -> problems.add(
                limit.place(),
                ProblemCode.BAD_VALUE,
                "rows of change events have no limit: one that is dated ahead waits until it is due; leave futureLimit"
                        + " out"));
        return Duration.ofMillis(ViewSpec.NO_FUTURE_LIMIT);
    }

    private void changelog(Fields changelog, SourceFormat format, Columns columns) {
        if (!format.isOfChanges()) {
            problems.add(
                    changelog.place(),
                    ProblemCode.BAD_VALUE,
                    "'changelog' is for change events, and the format is " + format.word() + "; leave it out");
        }
        for (Scalar column : changelog.scalars("key")) {
            columns.slot(column, problems, ColumnType.INT64, ColumnType.STRING, ColumnType.BOOL, ColumnType.TIMESTAMP);
        }
    }

    /** Of events. */
    static Duration futureLimit(Fields spec) {
        return spec.maybe("futureLimit").map(SourceBinder::duration).orElse(FUTURE_LIMIT);
    }

    static Duration idle(Fields spec) {
        return duration(spec, "idle", Defaults.IDLE);
    }

    static Duration watermarkDelay(Fields spec) {
        return duration(spec, "watermarkDelay", Defaults.WATERMARK_DELAY);
    }

    private static Duration duration(Fields spec, String key, String unlessWritten) {
        return Scalars.duration(spec.maybe(key).map(Scalar::text).orElse(unlessWritten))
                .orElseThrow();
    }

    static Duration duration(Scalar text) {
        return Scalars.duration(text.text()).orElseThrow();
    }
}
