package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds monitors, rollouts and retrainings against the definitions that they refer to. */
final class ControlBinder {
    private final Scope scope;
    private final Problems problems;

    ControlBinder(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** Empty if anything is wrong. */
    Optional<Monitor> monitor(Draft draft) {
        int before = problems.count();
        Optional<Monitor> monitor = MonitorReader.read(draft, problems);
        Fields spec = draft.spec();
        scope.find(Kind.MODEL, scope.models, spec.scalar("model"), problems).ifPresent(model -> columns(spec, model));
        return problems.count() == before ? monitor : Optional.empty();
    }

    private void columns(Fields spec, ModelPlan model) {
        RowSchema service = model.service().columns();
        Columns columns = Columns.of(service);
        for (Scalar feature : spec.scalars("features")) {
            watchable(feature, columns);
        }
        for (Scalar segment : spec.scalars("segments")) {
            if (!model.entities().contains(segment.text())) {
                segment(segment, columns, model.entities());
            }
        }
        List<String> features =
                spec.scalars("features").stream().map(Scalar::text).toList();
        List<String> watched = features.isEmpty() ? Monitor.watchable(service) : features;
        for (Fields rule : spec.structs("rules")) {
            for (Scalar subject : rule.scalars("of")) {
                subject(subject, rule, columns, watched);
            }
        }
    }

    private boolean watchable(Scalar feature, Columns columns) {
        return columns.slot(feature, problems, ColumnType.INT64, ColumnType.FLOAT64, ColumnType.BOOL) >= 0;
    }

    private void segment(Scalar segment, Columns columns, List<String> entities) {
        int slot = columns.schema().slot(segment.text());
        if (slot >= 0) {
            columns.slot(segment, problems, ColumnType.STRING);
            return;
        }
        List<String> known = new ArrayList<>(entities);
        columns.schema().columns().stream()
                .filter(column -> column.type() == ColumnType.STRING)
                .map(Column::name)
                .forEach(known::add);
        problems.add(
                segment.place(),
                ProblemCode.UNKNOWN_COLUMN,
                "there is no entity and no string column '" + segment.text() + "'"
                        + Spelling.hint(segment.text(), known));
    }

    private void subject(Scalar subject, Fields rule, Columns columns, List<String> watched) {
        String text = subject.text();
        if (text.startsWith("@")) {
            List<String> known = List.of(Monitor.PREDICTION, Monitor.LABEL);
            if (!known.contains(text)) {
                problems.add(
                        subject.place(),
                        ProblemCode.UNKNOWN_COLUMN,
                        "nothing is called '" + text + "'" + Spelling.hint(text, known));
            }
            return;
        }
        boolean ofBools = rule.maybe("measure")
                .filter(measure -> measure.text().equals(Measure.SHARE.word()))
                .isPresent();
        boolean fits = ofBools ? columns.slot(subject, problems, ColumnType.BOOL) >= 0 : watchable(subject, columns);
        if (fits && !watched.contains(text)) {
            problems.add(
                    subject.place(),
                    ProblemCode.UNKNOWN_FEATURE,
                    "the monitor does not watch '" + text + "'; add it to 'features'");
        }
    }

    /** Empty if anything is wrong. */
    Optional<Rollout> rollout(Draft draft) {
        int before = problems.count();
        Optional<Rollout> rollout = RolloutReader.read(draft, problems);
        Fields spec = draft.spec();
        Scalar model = spec.scalar("model");
        scope.find(Kind.MODEL, scope.models, model, problems);
        Fields health = spec.fields("health");
        Scalar name = health.scalar("monitor");
        Optional<Monitor> monitor = scope.find(Kind.MONITOR, scope.monitors, name, problems);
        monitor.ifPresent(found -> {
            sameModel(name, Kind.MONITOR, found.model(), model.text());
            seen(spec.fields("shadow"), found);
            spec.structs("canary").forEach(step -> seen(step, found));
        });
        return problems.count() == before ? rollout : Optional.empty();
    }

    /** A stage that is shorter than a window of its monitor would end before anything is known about it. */
    private void seen(Fields stage, Monitor monitor) {
        Duration lasts = new Values(stage, problems).duration("for");
        if (lasts.compareTo(monitor.window()) < 0) {
            Place place = stage.scalar("for").place();
            problems.add(
                    place,
                    ProblemCode.WINDOW,
                    "the stage ends before a window of '" + monitor.name()
                            + "' does; write a longer stage, or a monitor with a shorter window");
        }
    }

    /** Empty if anything is wrong. */
    Optional<Retraining> retraining(Draft draft) {
        int before = problems.count();
        Optional<Retraining> retraining = RetrainingReader.read(draft, problems);
        Fields spec = draft.spec();
        Scalar model = spec.scalar("model");
        scope.find(Kind.MODEL, scope.models, model, problems);
        Scalar rollout = spec.scalar("rollout");
        scope.find(Kind.ROLLOUT, scope.rollouts, rollout, problems)
                .ifPresent(found -> sameModel(rollout, Kind.ROLLOUT, found.model(), model.text()));
        List<Fields> alerts = spec.struct("triggers")
                .map(triggers -> triggers.structs("alerts"))
                .orElse(List.of());
        for (Fields alert : alerts) {
            Scalar name = alert.scalar("monitor");
            scope.find(Kind.MONITOR, scope.monitors, name, problems).ifPresent(monitor -> {
                sameModel(name, Kind.MONITOR, monitor.model(), model.text());
                alert.maybe("rule").ifPresent(rule -> known(rule, monitor));
            });
        }
        return problems.count() == before ? retraining : Optional.empty();
    }

    private void known(Scalar rule, Monitor monitor) {
        if (monitor.rule(rule.text()).isEmpty()) {
            List<String> rules =
                    monitor.rules().stream().map(Monitor.Rule::name).toList();
            problems.add(
                    rule.place(),
                    ProblemCode.UNKNOWN_NAME,
                    "the monitor '" + monitor.name() + "' has no rule '" + rule.text() + "'"
                            + Spelling.hint(rule.text(), rules));
        }
    }

    private void sameModel(Scalar name, Kind kind, String its, String ours) {
        if (!its.equals(ours)) {
            problems.add(
                    name.place(),
                    ProblemCode.OTHER_MODEL,
                    "the " + kind.word() + " '" + name.text() + "' is about the model '" + its + "', not '" + ours
                            + "'; name one that is about '" + ours + "'");
        }
    }
}
