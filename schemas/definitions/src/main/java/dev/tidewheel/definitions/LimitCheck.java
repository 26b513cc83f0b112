package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Defaults;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.service.ServicePlan.ViewRead;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewCost;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.window.Window;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Refuses what is dearer than its definition allows, before it runs. */
final class LimitCheck {
    /** How often a busy key has an event, where nothing else is said. */
    private static final Duration EVERY = Scalars.duration(Defaults.COST_EVERY).orElseThrow();

    private final Problems problems;

    LimitCheck(Problems problems) {
        this.problems = problems;
    }

    void view(Draft draft, ViewPlan plan) {
        ViewCost cost = plan.cost();
        String cure = "; " + dearestPart(cost)
                + ": write a coarser resolution, fewer or shorter windows, smaller parameters, or limits: ";
        size(draft, "bytesPerKey", Defaults.BYTES_PER_KEY, cost.mostBytesPerKey(), "a busy key takes up to", cure);
        size(
                draft,
                "bytesPerEvent",
                Defaults.BYTES_PER_EVENT,
                cost.bytesWrittenPerEvent(EVERY, plan.spec().headSpanMillis()),
                "an event writes about",
                cure);
        merges(
                draft,
                Defaults.MERGES_PER_READ,
                cost.mergesPerRead() + cost.rowsPerRead(),
                "; " + dearestRead(plan)
                        + ": write a coarser resolution, a smaller maxEvents, fewer windows, or limits: ");
    }

    void service(Draft draft, ServicePlan plan) {
        ServiceCost cost = ServiceCost.of(plan);
        size(
                draft,
                "bytesPerRead",
                Defaults.BYTES_PER_READ,
                cost.mostBytesPerRead(),
                "a row reads up to",
                "; " + dearestView(plan, Comparator.comparingLong(ViewCost::mostBytesPerKey))
                        + ": make that view smaller, take it out, or write limits: ");
        merges(
                draft,
                Defaults.SERVICE_MERGES_PER_READ,
                cost.mergesPerRead() + cost.rowsPerRead(),
                "; "
                        + dearestView(plan, Comparator.comparingLong(view -> view.mergesPerRead() + view.rowsPerRead()))
                        + ": make that view smaller, take it out, or write limits: ");
    }

    private void size(Draft draft, String key, String byDefault, long estimate, String what, String cure) {
        Optional<Scalar> written = written(draft, key);
        String limit = written.map(Scalar::text).orElse(byDefault);
        if (estimate > Scalars.size(limit).orElseThrow()) {
            long enough = (Long.highestOneBit(Math.max(1, (estimate - 1) / 1024)) << 1);
            refuse(
                    draft,
                    written,
                    what + " " + Bytes.text(estimate) + ", more than " + limit + cure + "{" + key + ": " + enough
                            + "KiB}");
        }
    }

    private void merges(Draft draft, String byDefault, long estimate, String cure) {
        Optional<Scalar> written = written(draft, "mergesPerRead");
        long limit =
                Scalars.integer(written.map(Scalar::text).orElse(byDefault)).orElseThrow();
        if (estimate > limit) {
            refuse(
                    draft,
                    written,
                    "a read merges and folds " + estimate + " times, more than " + limit + cure + "{mergesPerRead: "
                            + (Long.highestOneBit(estimate) << 1) + "}");
        }
    }

    private void refuse(Draft draft, Optional<Scalar> written, String message) {
        Place place = written.map(Scalar::place).orElse(draft.namePlace());
        problems.add(place, ProblemCode.LIMIT, message);
    }

    private static Optional<Scalar> written(Draft draft, String key) {
        return new Fields(draft.document()).struct("limits").flatMap(limits -> limits.maybe(key));
    }

    private static String dearestPart(ViewCost cost) {
        ViewCost.Part dearest = cost.parts().stream()
                .max(Comparator.comparingLong(ViewCost.Part::mostBytes))
                .orElseThrow();
        return "the dearest part, " + Bytes.text(dearest.mostBytes()) + " in " + dearest.tiles()
                + (dearest.tiles() == 1 ? " tile" : " tiles" + width(dearest.tileMillis())) + ", is for "
                + named(dearest.features());
    }

    private static String width(long millis) {
        return millis == Window.ENDLESS ? "" : " of " + text(Duration.ofMillis(millis));
    }

    /** As it is written in definitions. */
    private static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis + "ms";
    }

    private static String named(List<String> features) {
        if (features.isEmpty()) {
            return "the view's sessions";
        }
        String more = features.size() > 3 ? " and " + (features.size() - 3) + " more" : "";
        return String.join(", ", features.subList(0, Math.min(3, features.size()))) + more;
    }

    private static String dearestRead(ViewPlan plan) {
        FeatureSpec dearest = plan.spec().features().stream()
                .max(Comparator.comparingLong(feature -> reads(feature.window())))
                .orElseThrow();
        return "the dearest feature is " + dearest.name() + " with " + reads(dearest.window());
    }

    private static long reads(Window window) {
        if (window instanceof Window.Exact exact) {
            return exact.maxEvents();
        }
        if (window instanceof Window.Rows rows) {
            return rows.count();
        }
        return window.tileMillis() == Window.ENDLESS ? 1 : window.reachMillis() / window.tileMillis() + 1;
    }

    private static String dearestView(ServicePlan plan, Comparator<ViewCost> by) {
        ViewRead dearest = plan.reads().stream()
                .max(Comparator.comparing(read -> read.view().cost(), by))
                .orElseThrow();
        return "the dearest view is " + dearest.view().spec().name();
    }
}
