package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.CanonicalJson;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.lifecycle.state.StateJson;
import dev.tidewheel.records.DecisionNumber;
import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.DesiredChange;
import dev.tidewheel.records.DesiredState;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import java.util.List;

/** Decisions as records on topics. Pure, so a replay makes the same bytes. */
public final class DecisionRecords {
    private DecisionRecords() {}

    /** The place of an event in the inbox. */
    public record Place(int partition, long offset) {}

    /** @param before the state that the event was decided upon */
    public static LifecycleDecision decision(Place place, LifecycleEvent event, State before, Decision decision) {
        return LifecycleDecision.newBuilder()
                .setModel(event.getModel())
                .setInboxPartition(place.partition())
                .setInboxOffset(place.offset())
                .setEventId(event.getId())
                .setNow(event.getNow())
                .setOutcome(outcome(decision.outcome()))
                .setReason(decision.reason())
                .setNumbers(decision.numbers().stream()
                        .map(number -> new DecisionNumber(number.name(), number.value()))
                        .toList())
                .setFrom(before.phase().name())
                .setTo(decision.state().phase().name())
                .setState(StateJson.write(decision.state()))
                .setDesired(decision.desired().stream()
                        .map(wish -> new DesiredChange(wish.slot(), wish.generation()))
                        .toList())
                .build();
    }

    /** What the cluster is asked for, in the decision's order. */
    public static List<Desired> desired(Place place, LifecycleEvent event, Decision decision) {
        return decision.desired().stream()
                .map(wish -> Desired.newBuilder()
                        .setModel(event.getModel())
                        .setSlot(wish.slot())
                        .setGeneration(wish.generation())
                        .setState(wish.present() ? DesiredState.PRESENT : DesiredState.CANCELLED)
                        .setKind(wish.kind())
                        .setSpec(wish.spec())
                        .setSpecHash(CanonicalJson.hash(wish.spec()))
                        .setDefinitionHash(wish.definitionHash())
                        .setInboxPartition(place.partition())
                        .setInboxOffset(place.offset())
                        .setDecidedAt(event.getNow())
                        .build())
                .toList();
    }

    private static DecisionOutcome outcome(Outcome outcome) {
        return switch (outcome) {
            case UNCHANGED -> DecisionOutcome.UNCHANGED;
            case CHANGED -> DecisionOutcome.CHANGED;
            case DUPLICATE -> DecisionOutcome.DUPLICATE;
            case REFUSED -> DecisionOutcome.REFUSED;
        };
    }
}
