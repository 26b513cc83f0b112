package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Monitor.Labels;
import dev.tidewheel.definitions.Monitor.Rule;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** From a document to a {@link Monitor}, checked as far as that goes without its neighbours. */
final class MonitorReader {
    /** Shorter windows would cost more than they tell. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final long MOST_ROWS = 1_000_000_000_000L;

    private MonitorReader() {}

    /** Empty if anything is wrong. */
    static Optional<Monitor> read(Draft draft, Problems problems) {
        int before = problems.count();
        Fields spec = draft.spec();
        Values values = new Values(spec, problems);
        Duration window = window(values);
        once(spec.scalars("features"), problems);
        once(spec.scalars("segments"), problems);
        Monitor monitor = new Monitor(
                draft.name(),
                spec.text("model"),
                window,
                texts(spec.scalars("features")),
                texts(spec.scalars("segments")),
                (int) values.whole("topSegments", Defaults.TOP_SEGMENTS, 1000),
                labels(spec, problems),
                values.maybeWhole("minRows", MOST_ROWS).map(OptionalLong::of).orElse(OptionalLong.empty()),
                rules(spec, window, problems));
        return draft.whole() && problems.count() == before ? Optional.of(monitor) : Optional.empty();
    }

    private static Duration window(Values values) {
        Duration window = values.duration("window");
        if (window.compareTo(SHORTEST) < 0) {
            Scalar written = values.fields().scalar("window");
            values.problems()
                    .add(
                            written.place(),
                            ProblemCode.WINDOW,
                            "a window of " + written.text() + " is too short; write 1m or longer");
        }
        return window;
    }

    private static void once(List<Scalar> names, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Scalar name : names) {
            if (!seen.add(name.text())) {
                problems.add(name.place(), ProblemCode.DUPLICATE_NAME, name.what() + " is listed twice; list it once");
            }
        }
    }

    private static Labels labels(Fields spec, Problems problems) {
        Fields written = spec.struct("labels").orElseGet(() -> new Fields(new Mapping(List.of(), spec.place())));
        Values values = new Values(written, problems);
        Labels labels = new Labels(
                values.number("coverage", Defaults.COVERAGE, Range.SHARE),
                values.duration("deadline", Defaults.LABEL_DEADLINE),
                values.duration("revise", Defaults.REVISE));
        if (labels.revise().compareTo(labels.deadline()) > 0) {
            problems.add(
                    written.maybe("deadline")
                            .or(() -> written.maybe("revise"))
                            .orElseThrow()
                            .place(),
                    ProblemCode.BAD_VALUE,
                    "figures would be renewed in steps of " + values.text("revise", Defaults.REVISE)
                            + ", but the deadline comes after " + values.text("deadline", Defaults.LABEL_DEADLINE)
                            + "; write a 'revise' that is no longer");
        }
        return labels;
    }

    private static List<Rule> rules(Fields spec, Duration window, Problems problems) {
        List<Rule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields written : spec.structs("rules")) {
            Optional<Rule> rule = new RuleReader(written, window, problems).read();
            if (rule.isPresent() && !names.add(rule.get().name())) {
                problems.add(
                        written.maybe("name")
                                .orElseGet(() -> written.scalar("fixed"))
                                .place(),
                        ProblemCode.DUPLICATE_NAME,
                        "there is a rule '" + rule.get().name() + "' already; give one of them another 'name'");
            }
            rule.ifPresent(rules::add);
        }
        return rules;
    }

    private static List<String> texts(List<Scalar> scalars) {
        return scalars.stream().map(Scalar::text).toList();
    }
}
