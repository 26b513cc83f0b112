package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.ViewTest.Expectation;
import dev.tidewheel.definitions.ViewTest.ExpectedStatus;
import dev.tidewheel.definitions.ViewTest.ExpectedValue;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Entry;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Sequence;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.Status;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** From a view's tests to changes and expected values. */
final class TestBinder {
    private static final String TIMESTAMP = "_timestamp";
    private static final String DELETE = "_delete";

    private final Source source;
    private final Columns columns;
    private final Columns keys;
    private final List<Columns> own;
    private final ViewSpec view;
    private final Optional<ViewPlan> plan;
    private final Problems problems;

    /**
     * @param source whose records the events are
     * @param keys the columns that the view sees; of a chained view, others than the source's
     */
    TestBinder(BoundSource source, Columns keys, ViewSpec view, Optional<ViewPlan> plan, Problems problems) {
        this.source = source.source();
        this.columns = source.columns();
        this.keys = keys;
        this.own = source.own();
        this.view = view;
        this.plan = plan;
        this.problems = problems;
    }

    /** The tests that can be run. */
    List<ViewTest> bind(Draft draft) {
        List<ViewTest> tests = new ArrayList<>();
        for (Fields test : new Fields(draft.document()).structs("tests")) {
            int before = problems.count();
            List<Change> events = events(test);
            List<Expectation> expectations = new ArrayList<>();
            test.structs("expect").forEach(expected -> expectations.add(expectation(expected)));
            if (problems.count() == before && plan.isPresent()) {
                tests.add(new ViewTest(test.text("name"), test.scalar("name").place(), events, expectations));
            }
        }
        return tests;
    }

    private List<Change> events(Fields test) {
        List<Change> events = new ArrayList<>();
        for (var item : ((Sequence) test.required("events")).items()) {
            int index = events.size();
            event((Mapping) item, index).ifPresent(events::add);
        }
        return events;
    }

    private Optional<Change> event(Mapping event, int index) {
        OptionalInt place = source.isUnion() ? member(event) : OptionalInt.of(0);
        return place.isEmpty()
                ? Optional.empty()
                : event(event, source.inputs().get(place.getAsInt()), own.get(place.getAsInt()), index);
    }

    /** Which member of the union the event is of. */
    private OptionalInt member(Mapping event) {
        List<String> members = source.inputs().stream().map(SourceInput::source).toList();
        Optional<Yaml> written = event.get(UnionRows.SOURCE);
        if (written.isEmpty()) {
            problems.add(
                    event.place(),
                    ProblemCode.TEST,
                    "the event does not say which member of the union it is of; write " + UnionRows.SOURCE + ": "
                            + members.get(0));
            return OptionalInt.empty();
        }
        Scalar name = (Scalar) written.get();
        int place = members.indexOf(name.text());
        if (place < 0) {
            problems.add(
                    name.place(),
                    ProblemCode.UNKNOWN_NAME,
                    name.what() + " is no member of the union" + Spelling.hint(name.text(), members));
            return OptionalInt.empty();
        }
        return OptionalInt.of(place);
    }

    private Optional<Change> event(Mapping event, SourceInput input, Columns ofInput, int index) {
        int before = problems.count();
        RowSchema schema = ofInput.schema();
        Row row = new Row(schema.size());
        Row about = new Row(2); // when the record was written, and whether it takes its row away
        for (Entry entry : event.entries()) {
            Scalar literal = (Scalar) entry.value();
            String key = entry.key().text();
            if (key.equals(TIMESTAMP)) {
                Literals.set(literal, ColumnType.TIMESTAMP, about, 0, problems);
            } else if (key.equals(DELETE)) {
                Literals.set(literal, ColumnType.BOOL, about, 1, problems);
            } else if (!source.isUnion() || !key.equals(UnionRows.SOURCE)) {
                int slot = ofInput.slot(entry.key(), problems, ColumnType.values());
                if (slot >= 0) {
                    Literals.set(literal, schema.column(slot).type(), row, slot, problems);
                }
            }
        }
        return problems.count() == before ? change(event, input, row, about, index) : Optional.empty();
    }

    private Optional<Change> change(Mapping event, SourceInput input, Row row, Row about, int index) {
        Optional<Long> eventTime = time(event, row, input, input.eventTime());
        if (eventTime.isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> knownTime = input.knownTime().isPresent()
                ? time(event, row, input, input.knownTime().get())
                : Optional.of(about.isNull(0) ? eventTime.get() : about.getLong(0));
        boolean delete = !about.isNull(1) && about.getBoolean(1);
        Optional<EventId> id = id(event, row, input, index);
        return knownTime.isPresent() && id.isPresent()
                ? ofSource(event, new Change(delete, id.get(), eventTime.get(), knownTime.get(), row), input)
                : Optional.empty();
    }

    /** A member's change as the union's. */
    private Optional<Change> ofSource(Mapping event, Change change, SourceInput input) {
        if (!source.isUnion()) {
            return Optional.of(change);
        }
        UnionRows rows = input.rows(columns.schema());
        Row row = rows.empty();
        String failure = rows.fill(change.row(), row);
        if (failure != null) {
            problems.add(
                    event.place(),
                    ProblemCode.TEST,
                    "the event would be refused: " + failure + "; write one that can be selected from");
            return Optional.empty();
        }
        rows.stamp(row, change.eventTime(), change.knownTime());
        EventId at = change.id();
        EventId id = rows.id(row, at.text(), (int) at.high(), at.low());
        return Optional.of(new Change(change.retraction(), id, change.eventTime(), change.knownTime(), row));
    }

    private Optional<Long> time(Mapping event, Row row, SourceInput input, String column) {
        int slot = input.columns().slot(column);
        return present(event, row, column, slot) ? Optional.of(row.getLong(slot)) : Optional.empty();
    }

    private Optional<EventId> id(Mapping event, Row row, SourceInput input, int index) {
        if (input.eventId().isEmpty()) {
            return Optional.of(EventId.of(input.topic(), 0, index));
        }
        String column = input.eventId().get();
        int slot = input.columns().slot(column);
        if (!present(event, row, column, slot)) {
            return Optional.empty();
        }
        boolean text = input.columns().column(slot).type() == ColumnType.STRING;
        return Optional.of(
                text ? EventId.of(Objects.requireNonNull(row.getString(slot))) : EventId.of(row.getLong(slot)));
    }

    private boolean present(Mapping event, Row row, String column, int slot) {
        if (slot < 0) {
            return false;
        }
        if (row.isNull(slot)) {
            problems.add(
                    event.place(),
                    ProblemCode.TEST,
                    "the event has no '" + column + "', which its source needs; write it");
            return false;
        }
        return true;
    }

    private Expectation expectation(Fields expected) {
        long at =
                Scalars.instant(expected.text("at")).map(Instant::toEpochMilli).orElseThrow();
        return new Expectation(key(expected), at, values(expected), statuses(expected));
    }

    private List<String> key(Fields expected) {
        List<String> key = new ArrayList<>();
        for (Entry entry : expected.entries("key")) {
            if (!view.entity().contains(entry.key().text())) {
                problems.add(
                        entry.key().place(),
                        ProblemCode.TEST,
                        entry.key().what() + " is no entity of the view"
                                + Spelling.hint(entry.key().text(), view.entity()));
            }
        }
        Mapping written = expected.fields("key").node();
        for (String column : view.entity()) {
            Optional<Scalar> value = written.get(column).map(Scalar.class::cast);
            if (value.isEmpty() || value.get().isNull()) {
                problems.add(written.place(), ProblemCode.TEST, "the key has no '" + column + "'; write its value");
            } else {
                key.add(keyText(value.get(), column));
            }
        }
        return key;
    }

    /** An integer key is written in one way only. */
    private String keyText(Scalar value, String column) {
        int slot = keys.schema().slot(column);
        if (slot < 0 || keys.schema().column(slot).type() != ColumnType.INT64) {
            return value.text();
        }
        Row row = new Row(1);
        Literals.set(value, ColumnType.INT64, row, 0, problems);
        return Long.toString(row.getLong(0));
    }

    private List<ExpectedValue> values(Fields expected) {
        List<ExpectedValue> values = new ArrayList<>();
        for (Entry entry : expected.entries("values")) {
            Scalar literal = (Scalar) entry.value();
            int slot = feature(entry.key());
            if (slot >= 0) {
                Row value = new Row(1);
                ColumnType type = plan.orElseThrow().features().column(slot).type();
                Literals.set(literal, type, value, 0, problems);
                values.add(new ExpectedValue(slot, value, literal.text(), literal.place()));
            }
        }
        return values;
    }

    private List<ExpectedStatus> statuses(Fields expected) {
        List<ExpectedStatus> statuses = new ArrayList<>();
        List<String> words = Arrays.stream(Status.values()).map(Status::name).toList();
        for (Entry entry : expected.entries("statuses")) {
            Scalar word = (Scalar) entry.value();
            String status = word.isNull() ? Status.NULL.name() : word.text(); // to YAML, NULL is nothing
            int slot = feature(entry.key());
            if (!words.contains(status)) {
                problems.add(
                        word.place(),
                        ProblemCode.BAD_VALUE,
                        word.what() + " is no status" + Spelling.hint(status, words));
            } else if (slot >= 0) {
                statuses.add(new ExpectedStatus(slot, Status.valueOf(status), word.place()));
            }
        }
        return statuses;
    }

    /** The feature's slot; −1 if there is none, which is a problem if the view can be planned. */
    private int feature(Scalar name) {
        if (plan.isEmpty()) {
            return -1;
        }
        RowSchema features = plan.get().features();
        int slot = features.slot(name.text());
        if (slot < 0) {
            List<String> names =
                    features.columns().stream().map(column -> column.name()).toList();
            problems.add(
                    name.place(),
                    ProblemCode.UNKNOWN_FEATURE,
                    "the view has no feature " + name.what() + Spelling.hint(name.text(), names));
        }
        return slot;
    }
}
