package dev.tidewheel.workbench.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.workbench.report.ControlReport.Run;
import dev.tidewheel.workbench.report.ControlReport.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one model's decisions tell: feed it the topic of decisions, in its order. Reads of a state what every state says:
 * {@code champion}, {@code run}, {@code rollout} and {@code history}. Not thread-safe.
 */
public final class LifecycleHistory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WATCHING = "Watching";

    private final String model;
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<Span> serving = new ArrayList<>();
    private final List<Span> trials = new ArrayList<>();
    private final Map<String, Span> open = new HashMap<>();
    private @Nullable String state;
    private boolean active;
    private long decisions;

    public LifecycleHistory(String model) {
        this.model = model;
    }

    public void add(LifecycleDecision decision) {
        if (!decision.getModel().equals(model)) {
            return;
        }
        decisions++;
        if (decision.getState().equals(state)) {
            return;
        }
        state = decision.getState();
        JsonNode json = read(decision);
        Instant now = Instant.ofEpochMilli(decision.getNow());
        champion(json.path("champion"), now);
        trial(json.path("rollout"), now);
        run(json.path("run"));
        json.path("history").forEach(this::ended);
    }

    /** How many decisions there were. */
    public long decisions() {
        return decisions;
    }

    /** The version that the story began with; empty if nothing was ever decided. */
    public Optional<String> first() {
        return Optional.ofNullable(serving.isEmpty() ? open("champion") : serving.get(0))
                .map(Span::version);
    }

    /** All trainings, in the order of their start. */
    public List<Run> runs() {
        return List.copyOf(runs.values());
    }

    /** Whether a training is under way after the last decision. */
    public boolean active() {
        return active;
    }

    /**
     * Which version was champion when.
     *
     * @param begin of the first time: a champion that is defined before the story begins is dated by the wall's clock
     * @param end of the last time
     */
    public List<Span> serving(Instant begin, Instant end) {
        List<Span> all = new ArrayList<>(closed(serving, "champion", end));
        if (!all.isEmpty()) {
            Span first = all.get(0);
            all.set(0, new Span(first.version(), first.role(), begin, first.to()));
        }
        return List.copyOf(all);
    }

    /** Which version was shadow or canary when. */
    public List<Span> trials(Instant end) {
        return closed(trials, "trial", end);
    }

    private void champion(JsonNode champion, Instant now) {
        if (champion.isTextual()) {
            change("champion", serving, Optional.of(new Span(champion.asText(), "champion", now, now)), now);
        }
    }

    private void trial(JsonNode rollout, Instant now) {
        String phase = rollout.path("phase").asText();
        boolean isTrial = rollout.isObject() && !phase.equals(WATCHING);
        String version = rollout.path("challenger").path("version").asText();
        change(
                "trial",
                trials,
                isTrial ? Optional.of(new Span(version, role(rollout), now, now)) : Optional.empty(),
                now);
    }

    private static String role(JsonNode rollout) {
        if (!rollout.has("step")) {
            return rollout.path("phase").asText().toLowerCase(Locale.ROOT);
        }
        double share = rollout.path("challenger")
                .path("rollout")
                .path("canary")
                .path(rollout.path("step").asInt())
                .path("share")
                .asDouble();
        return String.format(Locale.ROOT, "canary %.0f %%", 100 * share);
    }

    private void run(JsonNode run) {
        active = run.isObject();
        if (active) {
            String version = run.path("version").asText();
            runs.computeIfAbsent(
                    version,
                    started -> new Run(
                            version,
                            run.path("retraining").path("name").asText(),
                            run.path("trigger").asText(),
                            Instant.parse(run.path("startedAt").asText()),
                            Optional.empty(),
                            Optional.empty(),
                            ""));
        }
    }

    private void ended(JsonNode ended) {
        runs.computeIfPresent(
                ended.path("version").asText(),
                (version, run) -> new Run(
                        version,
                        run.retraining(),
                        run.trigger(),
                        run.started(),
                        Optional.of(Instant.parse(ended.path("at").asText())),
                        Optional.of(ended.path("end").asText()),
                        ended.path("why").asText()));
    }

    private void change(String what, List<Span> done, Optional<Span> next, Instant now) {
        @Nullable Span before = open(what);
        boolean same = next.isPresent() && before != null && isSame(before, next.get());
        if (same) {
            return;
        }
        if (before != null) {
            done.add(until(before, now));
            open.remove(what);
        }
        next.ifPresent(span -> open.put(what, span));
    }

    private @Nullable Span open(String what) {
        return open.get(what);
    }

    private static boolean isSame(Span one, Span other) {
        return one.version().equals(other.version()) && one.role().equals(other.role());
    }

    private List<Span> closed(List<Span> done, String what, Instant end) {
        List<Span> all = new ArrayList<>(done);
        @Nullable Span last = open(what);
        if (last != null) {
            all.add(until(last, end));
        }
        return List.copyOf(all);
    }

    private static Span until(Span span, Instant end) {
        return new Span(span.version(), span.role(), span.from(), end);
    }

    private static JsonNode read(LifecycleDecision decision) {
        try {
            return JSON.readTree(decision.getState());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the state after " + decision.getEventId() + " is not JSON", e);
        }
    }
}
