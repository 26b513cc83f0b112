package dev.tidewheel.endtoend;

import dev.tidewheel.records.DecisionNumber;
import dev.tidewheel.records.LifecycleDecision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides once more, from nothing but the numbers of a decision, and complains where that says something else. Knows the
 * names of the numbers and of the states, and none of the code that decided.
 */
final class DecisionCheck {
    private final LifecycleDecision decision;
    private final String championBefore;
    private final List<DecisionNumber> numbers;
    private final List<String> complaints = new ArrayList<>();
    private final Set<String> judged = new HashSet<>();
    private int next;

    private DecisionCheck(LifecycleDecision decision, String championBefore) {
        this.decision = decision;
        this.championBefore = championBefore;
        this.numbers = decision.getNumbers();
    }

    /**
     * @param championBefore in the state that was decided upon
     * @return what does not follow; empty if everything does
     */
    static List<String> complaints(LifecycleDecision decision, String championBefore) {
        DecisionCheck check = new DecisionCheck(decision, championBefore);
        while (check.next < check.numbers.size()) {
            check.block();
        }
        check.requireNumbers();
        return check.complaints.stream()
                .map(complaint -> complaint + ": " + decision.getEventId() + ", " + decision.getFrom() + " to "
                        + decision.getTo() + ", " + decision.getReason() + " " + decision.getNumbers())
                .toList();
    }

    private void block() {
        if (name().startsWith("challenger_")) {
            gate(name().substring("challenger_".length()));
        } else if (name().equals("now_millis")) {
            coolDown();
        } else if (name().equals("spent_runs")) {
            budget();
        } else if (name().equals("rows")) {
            rows();
        } else {
            complaints.add("nobody knows what " + name() + " is for");
            next++;
        }
    }

    /** Better by more than the margin, on enough rows, and on the same. */
    private void gate(String loss) {
        double challenger = take("challenger_" + loss);
        double champion = take("champion_" + loss);
        double rows = take("rows");
        double championRows = take("champion_rows");
        double minRows = take("min_rows");
        double margin = take("margin");
        if (next < numbers.size() && name().equals("first_" + loss)) {
            next++;
        }
        boolean passes = rows == championRows && rows >= minRows && champion - challenger > margin;
        require(passes == decision.getTo().equals("Shadow"), "the gate's numbers say " + passes);
        judged.add("gate");
    }

    private void coolDown() {
        require(take("now_millis") < take("until_millis"), "the cool-down is over");
        judged.add("cool-down");
    }

    private void budget() {
        double spent = take("spent_runs");
        double budget = take("budget_runs");
        if (starts()) {
            require(spent <= budget, "more runs than the budget has");
        } else {
            require(spent >= budget, "the budget is not spent");
        }
        judged.add("budget");
    }

    private void rows() {
        double rows = take("rows");
        if (next == numbers.size() || !name().equals("min_rows")) {
            require(take("errors") <= rows, "more errors than rows");
            return;
        }
        double minRows = take("min_rows");
        if (next == numbers.size() || !name().equals("judged_rows")) {
            require(decision.getReason().contains("goes on"), "rows and no verdict");
            return;
        }
        // Windows that began before their stage count against it, not towards enough rows.
        double judgedRows = take("judged_rows");
        require(judgedRows >= rows, "fewer rows judged than there are");
        double errors = take("errors");
        boolean tooMany = judgedRows > 0 && errors / judgedRows > take("max_error_share");
        double maxP99 = take("max_p99_millis");
        boolean tooSlow = next < numbers.size() && name().equals("p99_millis") && take("p99_millis") > maxP99;
        stage(tooMany || tooSlow, rows >= minRows);
    }

    /** A stage is over with enough rows and good health. */
    private void stage(boolean sick, boolean enough) {
        judged.add("stage");
        String champion = LoopLog.state(decision).path("champion").asText();
        if (decision.getFrom().equals("Watching")) {
            require(sick != champion.equals(championBefore), "the watch's numbers say sick " + sick);
        } else {
            boolean goesOn =
                    decision.getTo().startsWith("Canary") || decision.getTo().equals("Watching");
            require((!sick && enough) == goesOn, "the stage's numbers say sick " + sick + ", enough " + enough);
            require(
                    !champion.equals(championBefore) == decision.getTo().equals("Watching"),
                    "a champion is made where a watch begins");
        }
    }

    /** Steps that never happen without numbers. */
    private void requireNumbers() {
        String from = decision.getFrom();
        String to = decision.getTo();
        if (from.equals("Training") && to.equals("Shadow")) {
            require(judged.contains("gate"), "passed without numbers");
        }
        boolean onTrial = from.equals("Shadow") || from.startsWith("Canary");
        if ((onTrial || from.equals("Watching")) && !from.equals(to)) {
            require(judged.contains("stage"), "left a stage without numbers");
        }
        if (starts()) {
            require(judged.contains("budget"), "started without numbers");
        }
        if (decision.getReason().contains("cool-down")) {
            require(judged.contains("cool-down"), "cools down without numbers");
        }
    }

    private boolean starts() {
        return decision.getDesired().stream()
                .anyMatch(change -> change.getSlot().startsWith("training/") && change.getGeneration() == 1);
    }

    private String name() {
        return numbers.get(next).getName();
    }

    private double take(String name) {
        if (next == numbers.size() || !name().equals(name)) {
            throw new AssertionError("no " + name + " at " + next + " of " + numbers + " in " + decision.getReason());
        }
        Double value = numbers.get(next++).getValue();
        return value == null ? Double.NaN : value;
    }

    private void require(boolean holds, String complaint) {
        if (!holds) {
            complaints.add(complaint);
        }
    }
}
