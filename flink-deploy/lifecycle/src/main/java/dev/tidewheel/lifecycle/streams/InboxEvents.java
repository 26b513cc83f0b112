package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.lifecycle.fold.AlertDetail;
import dev.tidewheel.records.Alert;
import dev.tidewheel.records.AlertKind;
import dev.tidewheel.records.DefinitionChange;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Measure;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ServingHealth;
import dev.tidewheel.records.Trigger;
import dev.tidewheel.records.TriggerReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records of other topics as events of the inbox. Ids are made from what identifies a record, so the same record gives the
 * same event; times are the records' own. Pure.
 */
public final class InboxEvents {
    private static final String HEALTH = "@health";
    private static final String ALL = "all";
    private static final String SENDER = "lifecycle";

    private InboxEvents() {}

    /**
     * Only what fired is a reason to train. That a rule does not fire any more, or should not have, takes nothing back: a
     * run that has started has cost its price, and the gate judges what it gives.
     */
    public static Optional<LifecycleEvent> of(Alert alert) {
        if (alert.getKind() != AlertKind.FIRED) {
            return Optional.empty();
        }
        Trigger trigger = Trigger.newBuilder()
                .setReason(TriggerReason.ALERT)
                .setAlertId(alert.getId())
                .setMonitor(alert.getMonitor())
                .setRule(alert.getRule())
                .setModelVersion(alert.getModelVersion())
                .setDetail(AlertDetail.of(alert.getSeverity().name(), alert.getSummary()))
                .build();
        return Optional.of(event(
                        "alert/" + alert.getId() + "/" + alert.getKind(),
                        alert.getModel(),
                        alert.getJudgedAt(),
                        LifecycleEventKind.TRIGGER)
                .setTrigger(trigger)
                .build());
    }

    /** How a version served as a whole; other rows are nobody's health. */
    public static Optional<LifecycleEvent> of(MetricRow row) {
        if (!HEALTH.equals(row.getFeature()) || !row.getSegment().equals(ALL)) {
            return Optional.empty();
        }
        long rows = row.getCounts().getRows();
        Double share = measure(row, "error_share");
        ServingHealth health = ServingHealth.newBuilder()
                .setMonitor(row.getMonitor())
                .setModelVersion(row.getModelVersion())
                .setWindowStart(row.getWindowStart())
                .setWindowEnd(row.getWindowEnd())
                .setRevision(row.getRevision())
                .setRows(rows)
                // The share is errors / rows, rounded once; so this is the number it was made from.
                .setErrors(share == null ? 0 : Math.round(share * rows))
                .setLatencyP99Millis(measure(row, "latency_p99"))
                .build();
        String id = String.join(
                "/",
                "health",
                row.getMonitor(),
                row.getModelVersion(),
                Long.toString(row.getWindowStart()),
                Integer.toString(row.getRevision()));
        return Optional.of(event(id, row.getModel(), row.getComputedAt(), LifecycleEventKind.HEALTH)
                .setHealth(health)
                .build());
    }

    public static Optional<LifecycleEvent> of(Observation observation) {
        String id = String.join(
                "/",
                "observation",
                observation.getSlot(),
                Long.toString(observation.getGeneration()),
                Long.toString(observation.getSequence()),
                observation.getAgent());
        return Optional.of(
                event(id, observation.getModel(), observation.getObservedAt(), LifecycleEventKind.OBSERVATION)
                        .setObservation(observation)
                        .build());
    }

    /** @param body canonical JSON; null where the definition was removed */
    public static LifecycleEvent definition(
            String model, String kind, String name, String hash, @Nullable String body, long now) {
        DefinitionChange change = DefinitionChange.newBuilder()
                .setKind(kind)
                .setName(name)
                .setHash(hash)
                .setBody(body)
                .build();
        return event("definition/" + kind + "/" + name + "/" + hash, model, now, LifecycleEventKind.DEFINITION)
                .setDefinition(change)
                .build();
    }

    /** The clock stands at a time. */
    public static LifecycleEvent tick(String model, long now) {
        return event("tick/" + model + "/" + now, model, now, LifecycleEventKind.TICK)
                .build();
    }

    private static LifecycleEvent.Builder event(String id, String model, long now, LifecycleEventKind kind) {
        return LifecycleEvent.newBuilder()
                .setId(id)
                .setModel(model)
                .setNow(now)
                .setSender(SENDER)
                .setKind(kind);
    }

    private static @Nullable Double measure(MetricRow row, String name) {
        return row.getMeasures().stream()
                .filter(measure -> measure.getName().equals(name))
                .findFirst()
                .map(Measure::getValue)
                .orElse(null);
    }
}
