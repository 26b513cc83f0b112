package dev.tidewheel.lifecycle.fold;

import dev.tidewheel.lifecycle.state.State;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the fold made of an event: the next state, and all that follows from it. Nothing else happens.
 *
 * @param findings in the order in which they were made; at least one
 * @param desired at most one per slot
 */
public record Decision(State state, Outcome outcome, List<Finding> findings, List<Wish> desired) {
    private static final String DEFECT = "defect: ";

    public Decision {
        findings = List.copyOf(findings);
        desired = List.copyOf(desired);
    }

    public static Decision unchanged(State state, String why) {
        return new Decision(state, Outcome.UNCHANGED, List.of(Finding.of(why)), List.of());
    }

    public static Decision changed(State state, Finding why, Wish... desired) {
        return new Decision(state, Outcome.CHANGED, List.of(why), List.of(desired));
    }

    public static Decision duplicate(State state, String why) {
        return new Decision(state, Outcome.DUPLICATE, List.of(Finding.of(why)), List.of());
    }

    public static Decision refused(State state, Finding why) {
        return new Decision(state, Outcome.REFUSED, List.of(why), List.of());
    }

    public static Decision refused(State state, String why) {
        return refused(state, Finding.of(why));
    }

    /** Refused because of a defect of the fold, or of a state that should not be; somebody should look at it. */
    static Decision defect(State state, String why) {
        return refused(state, DEFECT + why);
    }

    /** Whether it was refused for a defect. */
    public boolean isDefect() {
        return outcome == Outcome.REFUSED && reason().startsWith(DEFECT);
    }

    /** Nothing found yet: where a decision of several parts begins. */
    static Decision start(State state) {
        return new Decision(state, Outcome.UNCHANGED, List.of(), List.of());
    }

    /** This decision and then another one upon its state. A wish for the same slot takes the former one's place. */
    Decision then(Function<State, Decision> next) {
        Decision second = next.apply(state);
        List<Wish> kept = desired.stream()
                .filter(wish ->
                        second.desired.stream().noneMatch(later -> later.slot().equals(wish.slot())))
                .toList();
        return new Decision(
                second.state,
                stronger(outcome, second.outcome),
                Stream.concat(findings.stream(), second.findings.stream()).toList(),
                Stream.concat(kept.stream(), second.desired.stream()).toList());
    }

    /** This decision, and another state after it. */
    Decision with(State after) {
        return new Decision(after, outcome, findings, desired);
    }

    /** This decision with one wish more. */
    Decision and(Wish wish) {
        return new Decision(
                state,
                outcome,
                findings,
                Stream.concat(desired.stream(), Stream.of(wish)).toList());
    }

    /** All sentences. */
    public String reason() {
        return findings.stream().map(Finding::sentence).collect(Collectors.joining("; "));
    }

    public List<Finding.Number> numbers() {
        return findings.stream().flatMap(finding -> finding.numbers().stream()).toList();
    }

    /** Of two parts, one that changed something tells more than one that refused, and that more than one that did not. */
    private static Outcome stronger(Outcome one, Outcome other) {
        return rank(one) >= rank(other) ? one : other;
    }

    private static int rank(Outcome outcome) {
        return switch (outcome) {
            case UNCHANGED -> 0;
            case DUPLICATE -> 1;
            case REFUSED -> 2;
            case CHANGED -> 3;
        };
    }
}
