package dev.tidewheel.historyjobs;

import dev.tidewheel.history.exchange.ExchangeFolder;
import dev.tidewheel.history.values.Moments;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a batch has to find, beside what its views are.
 *
 * @param exchange the path of the folder with the questions
 * @param views how many are asked
 * @param questions how many there are
 * @param first see {@link Moments}
 * @param visibleThrough see {@link Moments}
 * @param delayMillis a question at t sees only what was visible so long before
 * @param parts how many subtasks play keys, and put values together
 * @param memoryBytes about how much memory of a machine's slot is used for rows; 0 for a third of the heap by the slots
 */
record BatchOrder(
        String exchange,
        int views,
        long questions,
        long first,
        long visibleThrough,
        long delayMillis,
        int parts,
        long memoryBytes)
        implements Serializable {
    BatchOrder {
        Objects.requireNonNull(exchange, "exchange");
        if (views < 1 || questions < 1 || parts < 1) {
            throw new IllegalArgumentException("nothing to do for " + views + " views, " + questions + " questions and "
                    + parts + " subtasks: each is at least 1");
        }
    }

    ExchangeFolder folder() {
        return new ExchangeFolder(Path.of(exchange));
    }

    Moments moments() {
        return new Moments(first, visibleThrough);
    }
}
