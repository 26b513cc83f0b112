package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Measure.Family;
import dev.tidewheel.definitions.Monitor.Direction;
import dev.tidewheel.definitions.Monitor.Rule;
import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** From one item of a monitor's rules to a {@link Rule}. One use per rule. */
final class RuleReader {
    private static final int MOST_WINDOWS = 62;

    private final Fields rule;
    private final Values values;
    private final Duration window;
    private final Problems problems;

    /**
     * @param rule as it is written
     * @param window the monitor's
     * @param problems takes what is wrong
     */
    RuleReader(Fields rule, Duration window, Problems problems) {
        this.rule = rule;
        this.values = new Values(rule, problems);
        this.window = window;
        this.problems = problems;
    }

    /** Empty if what is measured, or what it is compared with, cannot be told. */
    Optional<Rule> read() {
        Optional<Scalar> fixed = rule.maybe("fixed");
        return fixed.isPresent() ? fixed(fixed.get()) : own();
    }

    private Optional<Rule> fixed(Scalar name) {
        FixedRule known = FixedRule.of(name.text());
        for (String key : List.of("measure", "threshold", "quantile", "share", "direction")) {
            rule.maybe(key)
                    .ifPresent(written -> refuse(
                            written.place(),
                            "'" + known.word() + "' is " + known.meaning() + "; take '" + key
                                    + "' out, or write a rule of your own"));
        }
        return Optional.of(rule(
                values.text("name", known.word()),
                known.measure(),
                known.threshold(),
                known.measure().direction()));
    }

    private Optional<Rule> own() {
        Optional<Scalar> name = needed("name", "a rule needs a name for its alerts; write 'name: <name>'");
        Optional<Scalar> measure =
                needed("measure", "a rule needs something to measure; write 'measure: psi', or 'fixed: psi-0.3'");
        if (name.isEmpty() || measure.isEmpty()) {
            return Optional.empty();
        }
        Measure measured = Measure.of(measure.get().text());
        return threshold(measured).map(threshold -> rule(name.get().text(), measured, threshold, direction(measured)));
    }

    private Optional<Scalar> needed(String key, String message) {
        Optional<Scalar> written = rule.maybe(key);
        if (written.isEmpty()) {
            problems.add(rule.place(), ProblemCode.MISSING_KEY, message);
        }
        return written;
    }

    private Rule rule(String name, Measure measure, Threshold threshold, Direction direction) {
        of(measure);
        Values persistence = new Values(rule.struct("persistence").orElse(empty()), problems);
        int k = (int) persistence.whole("k", Defaults.K, MOST_WINDOWS);
        int n = (int) persistence.whole("n", Defaults.N, MOST_WINDOWS);
        if (k > n) {
            Place place = rule.struct("persistence").orElseThrow().scalar("k").place();
            problems.add(
                    place, ProblemCode.BAD_VALUE, "there are no " + k + " of " + n + " windows; write a k up to n");
        }
        return new Rule(
                name,
                rule.scalars("of").stream().map(Scalar::text).toList(),
                measure,
                threshold,
                direction,
                Math.min(k, n),
                n,
                values.number("leave", Defaults.LEAVE, Range.SOME),
                rule.maybe("cooldown").isPresent() ? values.duration("cooldown") : window,
                Severity.of(values.text("severity", Defaults.SEVERITY)));
    }

    private Fields empty() {
        return new Fields(new Mapping(List.of(), rule.place()));
    }

    private Direction direction(Measure measure) {
        return Direction.valueOf(
                values.text("direction", measure.direction().word()).toUpperCase(Locale.ROOT));
    }

    private void of(Measure measure) {
        List<Scalar> subjects = rule.scalars("of");
        Set<String> seen = new HashSet<>();
        for (Scalar subject : subjects) {
            if (!seen.add(subject.text())) {
                problems.add(
                        subject.place(), ProblemCode.DUPLICATE_NAME, subject.what() + " is listed twice; list it once");
            }
        }
        if (subjects.isEmpty()) {
            if (measure == Measure.SHARE) {
                refuse(
                        rule.place(),
                        "not every column is true or false; write 'of: [\"@label\"]', or name bool columns");
            }
        } else if (!measure.ofColumns()) {
            refuse(subjects.get(0).place(), "'" + measure.word() + "' speaks of the model as a whole; take 'of' out");
        } else if (seen.contains(Monitor.LABEL) && seen.size() > 1) {
            refuse(
                    subjects.get(0).place(),
                    "labels come later than the other columns; write a rule of its own for '" + Monitor.LABEL + "'");
        }
    }

    private Optional<Threshold> threshold(Measure measure) {
        String text = values.text("threshold", Defaults.THRESHOLD);
        return switch (text) {
            case "calibrated" -> calibrated(measure);
            case "baseline" -> baseline(measure);
            default -> {
                withoutQuantile();
                withoutShare();
                double value = Scalars.number(text).orElseThrow();
                Range range = Range.of(measure);
                if (!range.contains().test(value)) {
                    problems.add(
                            rule.scalar("threshold").place(),
                            ProblemCode.BAD_VALUE,
                            "'" + measure.word() + "' is never " + text + "; write a number " + range.words());
                }
                yield Optional.of(new Threshold.Fixed(value));
            }
        };
    }

    private Optional<Threshold> calibrated(Measure measure) {
        withoutShare();
        if (measure.family() == Family.HEALTH && measure != Measure.ROWS) {
            refuse(
                    rule.maybe("threshold").map(Scalar::place).orElse(rule.place()),
                    "a training set has no '" + measure.word()
                            + "' to calibrate with; write a number, such as 'threshold: "
                            + (measure == Measure.ERROR_SHARE ? "0.01" : "100") + "'");
        }
        return Optional.of(new Threshold.Calibrated(values.number("quantile", Defaults.QUANTILE, Range.QUANTILE)));
    }

    private Optional<Threshold> baseline(Measure measure) {
        withoutQuantile();
        if (measure.family() != Family.PERFORMANCE) {
            refuse(
                    rule.scalar("threshold").place(),
                    "the profile has no '" + measure.word() + "' to start from; write a number"
                            + (measure.family() == Family.HEALTH ? "" : ", or 'threshold: calibrated'"));
        }
        if (rule.maybe("share").isEmpty()) {
            problems.add(
                    rule.scalar("threshold").place(),
                    ProblemCode.MISSING_KEY,
                    "a baseline needs to know how much worse is too much; write 'share: 0.05' for 5 %");
            return Optional.empty();
        }
        return Optional.of(new Threshold.Baseline(values.number("share", Range.WAY)));
    }

    private void withoutQuantile() {
        without(
                "quantile",
                "'quantile' belongs to a calibrated threshold; take it out, or write threshold: calibrated");
    }

    private void withoutShare() {
        without("share", "'share' belongs to a baseline; take it out, or write threshold: baseline");
    }

    private void without(String key, String message) {
        rule.maybe(key).ifPresent(written -> refuse(written.place(), message));
    }

    private void refuse(Place place, String message) {
        problems.add(place, ProblemCode.RULE, message);
    }
}
