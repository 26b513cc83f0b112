package dev.tidewheel.lifecycle;

import dev.tidewheel.lifecycle.fold.AlertDetail;
import dev.tidewheel.lifecycle.streams.InboxEvents;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.records.ServingHealth;
import dev.tidewheel.records.Trigger;
import dev.tidewheel.records.TriggerReason;
import java.time.Instant;
import java.util.Map;

/** Events of the inbox, as their senders make them. */
public final class Story {
    public static final String MODEL = "late-arrival";

    private Story() {}

    public static LifecycleEvent tick(Instant now) {
        return InboxEvents.tick(MODEL, now.toEpochMilli());
    }

    public static LifecycleEvent definition(String kind, String name, String body) {
        return InboxEvents.definition(MODEL, kind, name, "sha256:" + body.hashCode(), body, 0);
    }

    public static LifecycleEvent alert(String id, String rule, String version, Instant now) {
        return event("alert/" + id + "/FIRED", now, LifecycleEventKind.TRIGGER)
                .setTrigger(Trigger.newBuilder()
                        .setReason(TriggerReason.ALERT)
                        .setAlertId(id)
                        .setMonitor("daily")
                        .setRule(rule)
                        .setModelVersion(version)
                        .setDetail(AlertDetail.of("warning", rule + " is high"))
                        .build())
                .build();
    }

    /** @param retraining null for a rollback */
    public static LifecycleEvent manual(String id, String retraining, String detail, Instant now) {
        return event(id, now, LifecycleEventKind.TRIGGER)
                .setTrigger(Trigger.newBuilder()
                        .setReason(TriggerReason.MANUAL)
                        .setRetraining(retraining)
                        .setDetail(detail)
                        .build())
                .build();
    }

    public static LifecycleEvent observed(
            String slot, long generation, ObservedPhase phase, Map<String, String> outputs, Instant now) {
        return InboxEvents.of(observation(slot, generation, 1, phase, outputs, now))
                .orElseThrow();
    }

    public static Observation observation(
            String slot,
            long generation,
            long sequence,
            ObservedPhase phase,
            Map<String, String> outputs,
            Instant now) {
        return Observation.newBuilder()
                .setModel(MODEL)
                .setSlot(slot)
                .setGeneration(generation)
                .setSequence(sequence)
                .setAgent("agent")
                .setPhase(phase)
                .setReason(phase == ObservedPhase.FAILED ? "out of memory" : "")
                .setOutputs(outputs)
                .setObservedAt(now.toEpochMilli())
                .build();
    }

    public static LifecycleEvent health(
            String version, Instant start, long rows, long errors, Double p99Millis, Instant now) {
        return event("health/health/" + version + "/" + start + "/0", now, LifecycleEventKind.HEALTH)
                .setHealth(ServingHealth.newBuilder()
                        .setMonitor("health")
                        .setModelVersion(version)
                        .setWindowStart(start.toEpochMilli())
                        .setWindowEnd(start.plusSeconds(3600).toEpochMilli())
                        .setRevision(0)
                        .setRows(rows)
                        .setErrors(errors)
                        .setLatencyP99Millis(p99Millis)
                        .build())
                .build();
    }

    /** What a training reports of its gate. */
    public static Map<String, String> gate(
            String challenger, double challengerLoss, String champion, double championLoss) {
        return Map.of(
                "modelVersion",
                challenger,
                "gate",
                "[" + figures(challenger, challengerLoss) + "," + figures(champion, championLoss) + "]");
    }

    private static String figures(String version, double loss) {
        return "{\"version\":\"" + version + "\",\"rows\":10482,\"logLoss\":" + loss + ",\"brier\":0.2,\"auc\":0.7}";
    }

    private static LifecycleEvent.Builder event(String id, Instant now, LifecycleEventKind kind) {
        return LifecycleEvent.newBuilder()
                .setId(id)
                .setModel(MODEL)
                .setNow(now.toEpochMilli())
                .setSender("test")
                .setKind(kind);
    }
}
