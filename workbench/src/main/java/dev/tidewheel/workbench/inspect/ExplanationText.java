package dev.tidewheel.workbench.inspect;

import dev.tidewheel.history.explain.ServedExplanation;
import dev.tidewheel.history.explain.ServedExplanation.Event;
import dev.tidewheel.history.explain.ServedExplanation.Feature;
import dev.tidewheel.history.explain.ServedExplanation.Part;
import dev.tidewheel.history.explain.ServedExplanation.Value;
import dev.tidewheel.history.explain.ServedExplanation.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An explanation for people: from the prediction down to the offsets. */
public final class ExplanationText {
    private final List<String> lines = new ArrayList<>();

    private ExplanationText() {}

    /**
     * @param tiles whether to show what each value was merged from, and its newest events
     */
    public static String render(ServedExplanation served, boolean tiles) {
        ExplanationText text = new ExplanationText();
        text.head(served);
        if (served.views().isEmpty()) {
            text.line("No features are known: " + served.status()
                    + (served.error() == null ? "" : ", " + served.error()));
            return String.join("\n", text.lines) + "\n";
        }
        served.views().forEach(view -> text.view(view, tiles));
        text.line("computed");
        served.computed().forEach(value -> text.value(value, ""));
        text.line("");
        text.line(
                served.isExplained()
                        ? "Every value equals the oracle's."
                        : "NOT EXPLAINED: values marked with ≠ differ from the oracle's.");
        return String.join("\n", text.lines) + "\n";
    }

    private void head(ServedExplanation served) {
        line("request    " + served.requestId() + ", row " + served.row() + ", asked at "
                + Instant.ofEpochMilli(served.t()));
        line("answer     " + served.prediction());
        line("model      " + served.model() + " version " + served.modelVersion() + ", " + served.artifactDigest());
        line("service    " + served.service() + ", " + served.serviceHash());
        if (served.registered() != null) {
            var set = served.registered().path("trainingSet");
            line("trained on " + set.path("rows").asText() + " rows of "
                    + set.path("table").asText() + " at snapshot "
                    + set.path("snapshotId").asText() + ", " + set.path("from").asText() + " to "
                    + set.path("to").asText());
        }
        line("");
    }

    private void view(View view, boolean tiles) {
        line(view.view() + " of " + view.key() + ", lineage " + view.lineage() + ", written by flush " + view.flush());
        line("  contains " + view.cut() + ": " + view.routed()
                + " changes, the last known at "
                + (view.routed() == 0
                        ? "–"
                        : Instant.ofEpochMilli(view.knownTime()).toString()));
        for (Feature feature : view.features()) {
            value(feature.value(), feature.reason());
            if (tiles) {
                feature.parts().forEach(this::part);
                feature.events().forEach(this::event);
            }
        }
        line("");
    }

    private void value(Value value, String reason) {
        String sign = value.equal() ? "=" : "≠ " + value.recomputed();
        line(String.format("  %-32s %s %s  %s", value.column(), value.served(), sign, reason)
                .stripTrailing());
    }

    private void part(Part part) {
        String width = part.millis() == 0 ? "" : part.millis() == Long.MAX_VALUE ? " for ever" : " + " + minutes(part);
        line("      " + part.kind() + " " + Instant.ofEpochMilli(part.start()) + width + "  " + part.holds());
    }

    private static String minutes(Part part) {
        return part.millis() / 60_000 + " min";
    }

    private void event(Event event) {
        line("      " + event.topic() + "-" + event.partition() + "@" + event.offset() + "  happened "
                + Instant.ofEpochMilli(event.eventTime()) + ", known " + Instant.ofEpochMilli(event.knownTime()) + "  "
                + event.row());
    }

    private void line(String line) {
        lines.add(line);
    }
}
