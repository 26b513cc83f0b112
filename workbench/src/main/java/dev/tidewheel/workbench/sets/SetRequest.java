package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.questions.Moments;
import dev.tidewheel.history.questions.TableColumns;
import dev.tidewheel.history.training.Retiming;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a person asks for.
 *
 * @param who asks
 * @param moments which moments; empty for all that are asked, of a model for its own range
 * @param retiming what a question may know
 * @param servingDelay by which questions see less than was visible
 * @param asOf what became known later does not exist
 */
public record SetRequest(
        Asker who, Optional<Moments> moments, Retiming retiming, ServingDelay servingDelay, Optional<Instant> asOf) {
    public SetRequest {
        Objects.requireNonNull(who, "who");
        Objects.requireNonNull(moments, "moments");
        Objects.requireNonNull(retiming, "retiming");
        Objects.requireNonNull(servingDelay, "servingDelay");
        Objects.requireNonNull(asOf, "asOf");
    }

    /** The same for a store that was behind. */
    public SetRequest delayed(ServingDelay delay) {
        return new SetRequest(who, moments, retiming, delay, asOf);
    }

    /** Who asks. */
    public sealed interface Asker {}

    /** A model: the events of its source. */
    public record OfModel(String model) implements Asker {}

    /**
     * The rows of a file or table.
     *
     * @param service whose vector is wanted
     */
    public record OfRows(String service, Place place, TableColumns columns, Optional<OfLabels> labels)
            implements Asker {}

    /** Every key at some moments. */
    public record OfKeys(String service, List<Instant> times) implements Asker {
        public OfKeys {
            times = List.copyOf(times);
        }
    }

    /**
     * Labels that stand apart from their questions.
     *
     * @param on columns of both
     * @param column the label
     * @param known when it could be known
     */
    public record OfLabels(Place place, List<String> on, String column, Optional<String> known) {
        public OfLabels {
            on = List.copyOf(on);
        }
    }
}
