package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Retraining.AlertTrigger;
import dev.tidewheel.definitions.Retraining.Budget;
import dev.tidewheel.definitions.Retraining.Gate;
import dev.tidewheel.definitions.Retraining.Loss;
import dev.tidewheel.definitions.Retraining.Schedule;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From a document to a {@link Retraining}, checked as far as that goes without its neighbours. */
final class RetrainingReader {
    private static final int MOST_RUNS = 1_000_000;
    private static final long MOST_ROWS = 1_000_000_000_000L;

    private RetrainingReader() {}

    /** Empty if anything is wrong. */
    static Optional<Retraining> read(Draft draft, Problems problems) {
        int before = problems.count();
        Fields spec = draft.spec();
        Values budget = new Values(spec.fields("budget"), problems);
        Retraining retraining = new Retraining(
                draft.name(),
                spec.text("model"),
                spec.struct("triggers").flatMap(triggers -> schedule(triggers, problems)),
                spec.struct("triggers")
                        .map(triggers -> alerts(triggers, problems))
                        .orElse(List.of()),
                new Values(spec.fields("training"), problems).duration("window"),
                gate(new Values(spec.fields("gate"), problems)),
                new Values(spec, problems).duration("cooldown", Defaults.RETRAINING_COOLDOWN),
                new Budget(budget.whole("runs", MOST_RUNS), budget.duration("per")),
                spec.text("rollout"));
        return draft.whole() && problems.count() == before ? Optional.of(retraining) : Optional.empty();
    }

    private static Optional<Schedule> schedule(Fields triggers, Problems problems) {
        return triggers.struct("schedule")
                .map(schedule -> new Schedule(
                        new Values(schedule, problems).duration("every"),
                        Scalars.instant(schedule.text("from")).orElseThrow()));
    }

    private static List<AlertTrigger> alerts(Fields triggers, Problems problems) {
        List<AlertTrigger> alerts = new ArrayList<>();
        for (Fields written : triggers.structs("alerts")) {
            AlertTrigger alert = new AlertTrigger(
                    written.text("monitor"), written.maybe("rule").map(Scalar::text));
            if (alerts.contains(alert)) {
                problems.add(written.place(), ProblemCode.DUPLICATE_NAME, "the trigger is listed twice; list it once");
            }
            alerts.add(alert);
        }
        return alerts;
    }

    private static Gate gate(Values gate) {
        return new Gate(
                gate.duration("window"),
                Loss.valueOf(gate.text("loss", Defaults.LOSS).toUpperCase(Locale.ROOT)),
                gate.number("margin", Defaults.MARGIN, Range.MARGIN),
                gate.whole("minRows", Defaults.GATE_ROWS, MOST_ROWS));
    }
}
