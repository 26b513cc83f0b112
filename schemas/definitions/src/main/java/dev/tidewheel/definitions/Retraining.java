package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * When a model is trained anew, on what, and what a challenger must show before it is rolled out.
 *
 * @param name its name; runs are called {@code name-1}, {@code name-2} …
 * @param model the model's name
 * @param schedule starts at fixed times, if there are any
 * @param alerts starts when rules fire
 * @param trainingWindow how far back training rows reach from where the gate begins
 * @param gate what a challenger must be better at
 * @param cooldown between two starts of this retraining
 * @param budget how often it may start
 * @param rollout how a challenger that passed the gate goes on: a {@link Rollout}'s name
 */
public record Retraining(
        String name,
        String model,
        Optional<Schedule> schedule,
        List<AlertTrigger> alerts,
        Duration trainingWindow,
        Gate gate,
        Duration cooldown,
        Budget budget,
        String rollout)
        implements Definition {
    public Retraining {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(schedule, "schedule");
        alerts = List.copyOf(alerts);
        Objects.requireNonNull(trainingWindow, "trainingWindow");
        Objects.requireNonNull(gate, "gate");
        Objects.requireNonNull(cooldown, "cooldown");
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(rollout, "rollout");
    }

    /**
     * @param every the time between two starts
     * @param from the first start
     */
    public record Schedule(Duration every, Instant from) {
        public Schedule {
            Objects.requireNonNull(every, "every");
            Objects.requireNonNull(from, "from");
        }
    }

    /**
     * @param monitor the monitor's name
     * @param rule one of its rules; if empty, all but those of severity info
     */
    public record AlertTrigger(String monitor, Optional<String> rule) {
        public AlertTrigger {
            Objects.requireNonNull(monitor, "monitor");
            Objects.requireNonNull(rule, "rule");
        }
    }

    /** What champion and challenger are compared by; smaller is better. */
    public enum Loss {
        LOG_LOSS,
        BRIER;

        /** As it is written: {@code log_loss}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param window the last so long before the start; its questions are not in the training rows
     * @param loss what is compared
     * @param margin the challenger's loss must be smaller by more than this; not negative
     * @param minRows fewer labelled rows refuse the challenger
     */
    public record Gate(Duration window, Loss loss, double margin, long minRows) {
        public Gate {
            Objects.requireNonNull(window, "window");
            Objects.requireNonNull(loss, "loss");
            Range.MARGIN.check("margin", margin);
        }
    }

    /**
     * @param runs so many starts at most
     * @param per within this time, looking back
     */
    public record Budget(int runs, Duration per) {
        public Budget {
            if (runs < 1) {
                throw new IllegalArgumentException("a budget has at least one run, not " + runs);
            }
            Objects.requireNonNull(per, "per");
        }
    }

    /**
     * Reads a body of the registry without what it refers to.
     *
     * @param body canonical JSON
     * @throws DefinitionsException if it is no retraining
     */
    public static Retraining fromBody(String body) {
        return Loader.single(Kind.RETRAINING, body, RetrainingReader::read);
    }

    @Override
    public Kind kind() {
        return Kind.RETRAINING;
    }
}
