package dev.tidewheel.runtime.ops;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * A named list of checks. They are asked for each probe, so they must answer at once from what the process knows already,
 * and never go over the network. Safe for use by many threads.
 */
public final class HealthChecks {
    private final Map<String, Supplier<Health>> checks = new ConcurrentSkipListMap<>();

    /** Adds or replaces a check. */
    public HealthChecks add(String name, Supplier<Health> check) {
        checks.put(name, check);
        return this;
    }

    /** All answers by name. A check that throws is down, with what it threw as the reason. */
    public Map<String, Health> ask() {
        Map<String, Health> answers = new LinkedHashMap<>();
        checks.forEach((name, check) -> answers.put(name, ask(check)));
        return answers;
    }

    private static Health ask(Supplier<Health> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Health.down("the check failed: " + e);
        }
    }
}
