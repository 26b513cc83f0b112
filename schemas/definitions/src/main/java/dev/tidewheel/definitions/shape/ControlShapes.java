package dev.tidewheel.definitions.shape;

import static dev.tidewheel.definitions.shape.ScalarType.DURATION;
import static dev.tidewheel.definitions.shape.ScalarType.INSTANT;
import static dev.tidewheel.definitions.shape.ScalarType.INTEGER;
import static dev.tidewheel.definitions.shape.ScalarType.NAME;
import static dev.tidewheel.definitions.shape.ScalarType.NUMBER;
import static dev.tidewheel.definitions.shape.ScalarType.TEXT;
import static dev.tidewheel.definitions.shape.ScalarType.THRESHOLD;
import static dev.tidewheel.definitions.shape.Shapes.list;
import static dev.tidewheel.definitions.shape.Shapes.optional;
import static dev.tidewheel.definitions.shape.Shapes.required;
import static dev.tidewheel.definitions.shape.Shapes.scalar;
import static dev.tidewheel.definitions.shape.Shapes.struct;

import dev.tidewheel.definitions.shape.Shape.Choice;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.Struct;
import java.util.List;

/** The shapes of what watches a model and replaces it: Monitor, Rollout, Retraining. */
final class ControlShapes {
    private static final List<String> MEASURES = List.of(
            "psi",
            "js",
            "ks",
            "null_share",
            "mean",
            "share",
            "rows",
            "error_share",
            "latency_p50",
            "latency_p99",
            "accuracy",
            "log_loss",
            "auc",
            "brier",
            "calibration_error",
            "label_share");
    private static final List<String> FIXED_RULES = List.of("psi-0.3", "ks-0.1", "latency-p99-100ms", "accuracy-5pct");

    private ControlShapes() {}

    static Struct monitor() {
        return struct(
                "Monitor.spec",
                required("model", scalar(NAME), "the model that is watched, in all its versions"),
                required(
                        "window",
                        scalar(DURATION),
                        "how long a window is; windows do not overlap and begin at the epoch"),
                optional(
                        "features",
                        list(scalar(TEXT)),
                        "columns of the model's service that are watched: int64, float64 or bool; all such columns if not written"),
                optional(
                        "segments",
                        new ListOf(scalar(TEXT), true),
                        "entities or string columns of the service; each splits the rows by its values"),
                optional(
                        "topSegments",
                        scalar(INTEGER),
                        "so many most frequent values of the profile stand alone, the rest is 'other'; "
                                + Defaults.TOP_SEGMENTS + " if not written"),
                optional("labels", labels(), "when windows are judged whose rules need labels"),
                optional(
                        "minRows",
                        scalar(INTEGER),
                        "windows with fewer rows are not judged; by default as many as the measure needs"),
                required("rules", list(rule()), "what is judged"));
    }

    private static Struct labels() {
        return struct(
                "Monitor.spec.labels",
                optional(
                        "coverage",
                        scalar(NUMBER),
                        "a window is judged once this share of its rows is labelled; " + Defaults.COVERAGE
                                + " if not written"),
                optional(
                        "deadline",
                        scalar(DURATION),
                        "or this long after its end, with the labels that came; " + Defaults.LABEL_DEADLINE
                                + " if not written"),
                optional(
                        "revise",
                        scalar(DURATION),
                        "until it is settled, a window's figures are renewed in steps of this; " + Defaults.REVISE
                                + " if not written"));
    }

    private static Struct rule() {
        return struct(
                "Monitor.spec.rules",
                optional(
                        "name",
                        scalar(NAME),
                        "what alerts and retrainings call it; the name of the fixed rule if not written"),
                optional(
                        "fixed",
                        new Choice(FIXED_RULES),
                        "a rule known by name, instead of measure, threshold and direction"),
                optional("of", list(scalar(TEXT)), "features, @prediction or @label; all features if not written"),
                optional("measure", new Choice(MEASURES), "what is measured"),
                optional(
                        "threshold",
                        scalar(THRESHOLD),
                        "what it is compared with; " + Defaults.THRESHOLD + " if not written"),
                optional(
                        "quantile",
                        scalar(NUMBER),
                        "of a calibrated threshold: the share of the reference's own windows that stays inside; "
                                + Defaults.QUANTILE + " if not written"),
                optional(
                        "share",
                        scalar(NUMBER),
                        "of a baseline threshold: how much worse than the profile's figure, as a share of that figure"),
                optional(
                        "direction",
                        new Choice(List.of("above", "below")),
                        "which side of the threshold is bad; below for accuracy and auc, else above, if not written"),
                optional(
                        "persistence",
                        struct(
                                "Monitor.spec.rules.persistence",
                                required("k", scalar(INTEGER), "so many windows must be bad"),
                                required("n", scalar(INTEGER), "of so many last ones")),
                        "how long it must be bad to fire; k " + Defaults.K + " of n " + Defaults.N + " if not written"),
                optional(
                        "leave",
                        scalar(NUMBER),
                        "how far on the way from normal to the threshold the measure may still be when an alarm ends; "
                                + Defaults.LEAVE + " if not written"),
                optional(
                        "cooldown",
                        scalar(DURATION),
                        "after an alert the rule is silent so long, then it fires again if it is still bad; one window"
                                + " if not written"),
                optional(
                        "severity",
                        new Choice(List.of("info", "warning", "critical")),
                        "how urgent its alerts are; " + Defaults.SEVERITY + " if not written"));
    }

    static Struct rollout() {
        return struct(
                "Rollout.spec",
                required("model", scalar(NAME), "the model whose versions are rolled out"),
                required(
                        "shadow",
                        struct(
                                "Rollout.spec.shadow",
                                required("for", scalar(DURATION), "how long"),
                                optional(
                                        "minRows",
                                        scalar(INTEGER),
                                        "so many rows at least; " + Defaults.STAGE_ROWS + " if not written")),
                        "first the challenger is asked too, and the champion answers"),
                required(
                        "canary",
                        list(struct(
                                "Rollout.spec.canary",
                                required("share", scalar(NUMBER), "of the requests; more with each step"),
                                required("for", scalar(DURATION), "how long"))),
                        "then the challenger answers a share of the requests"),
                required(
                        "health",
                        struct(
                                "Rollout.spec.health",
                                required("monitor", scalar(NAME), "a monitor of the model: its windows are judged"),
                                required("maxErrorShare", scalar(NUMBER), "of the challenger's rows"),
                                required("maxP99", scalar(DURATION), "of the challenger's latency"),
                                optional(
                                        "minRows",
                                        scalar(INTEGER),
                                        "windows with fewer rows of the challenger say nothing; " + Defaults.STAGE_ROWS
                                                + " if not written")),
                        "what a challenger must keep to in every stage"),
                required(
                        "deadline",
                        scalar(DURATION),
                        "a stage that has not seen enough by then refuses the challenger"),
                required(
                        "watch",
                        scalar(DURATION),
                        "after the promotion: unhealthy within this time brings the former champion back"));
    }

    static Struct retraining() {
        return struct(
                "Retraining.spec",
                required("model", scalar(NAME), "the model that is trained anew"),
                optional("triggers", triggers(), "what starts it; without any, only people do"),
                required(
                        "training",
                        struct(
                                "Retraining.spec.training",
                                required("window", scalar(DURATION), "how far back from where the gate begins")),
                        "which questions are learnt from"),
                required(
                        "gate",
                        gate(),
                        "what a challenger must be better at, on labelled rows that it has not learnt from"),
                optional(
                        "cooldown",
                        scalar(DURATION),
                        "between two starts of this retraining; " + Defaults.RETRAINING_COOLDOWN + " if not written"),
                required(
                        "budget",
                        struct(
                                "Retraining.spec.budget",
                                required("runs", scalar(INTEGER), "so many starts at most"),
                                required("per", scalar(DURATION), "within this time, looking back")),
                        "what it may cost"),
                required("rollout", scalar(NAME), "how a challenger that passed the gate goes on"));
    }

    private static Struct triggers() {
        return struct(
                "Retraining.spec.triggers",
                optional(
                        "schedule",
                        struct(
                                "Retraining.spec.triggers.schedule",
                                required("every", scalar(DURATION), "the time between two starts"),
                                required("from", scalar(INSTANT), "the first start")),
                        "starts at fixed times"),
                optional(
                        "alerts",
                        new ListOf(
                                struct(
                                        "Retraining.spec.triggers.alerts",
                                        required("monitor", scalar(NAME), "a monitor of the model"),
                                        optional(
                                                "rule",
                                                scalar(TEXT),
                                                "one of its rules; without it, all but those of severity info")),
                                true),
                        "starts when a rule fires"));
    }

    private static Struct gate() {
        return struct(
                "Retraining.spec.gate",
                required("window", scalar(DURATION), "the last so long before the start; not in the training rows"),
                optional(
                        "loss",
                        new Choice(List.of("log_loss", "brier")),
                        "what is compared; " + Defaults.LOSS + " if not written"),
                optional(
                        "margin",
                        scalar(NUMBER),
                        "the challenger's loss must be smaller by more than this; " + Defaults.MARGIN
                                + " if not written"),
                optional(
                        "minRows",
                        scalar(INTEGER),
                        "fewer labelled rows refuse the challenger; " + Defaults.GATE_ROWS + " if not written"));
    }
}
