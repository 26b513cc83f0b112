package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.List;
import java.util.Objects;

/**
 * A view's own test.
 *
 * @param name what is tested
 * @param place where it is written
 * @param events the changes, as ingest would make them of the events, in the order in which they are written
 * @param expectations what is then true
 */
public record ViewTest(String name, Place place, List<Change> events, List<Expectation> expectations) {
    public ViewTest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(place, "place");
        events = List.copyOf(events);
        expectations = List.copyOf(expectations);
    }

    /**
     * Values at a time.
     *
     * @param key the values of the entity columns, in the view's order
     * @param at epoch milliseconds
     * @param values what is expected
     * @param statuses what is expected of some of their statuses
     */
    public record Expectation(List<String> key, long at, List<ExpectedValue> values, List<ExpectedStatus> statuses) {
        public Expectation {
            key = List.copyOf(key);
            values = List.copyOf(values);
            statuses = List.copyOf(statuses);
        }
    }

    /**
     * One feature's value.
     *
     * @param feature its slot
     * @param value a row of one column of the feature's type
     * @param text as it is written
     * @param place where it is written
     */
    public record ExpectedValue(int feature, Row value, String text, Place place) {
        public ExpectedValue {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(place, "place");
        }
    }

    /**
     * What one feature's value is worth.
     *
     * @param feature its slot
     * @param status what is expected
     * @param place where it is written
     */
    public record ExpectedStatus(int feature, Status status, Place place) {
        public ExpectedStatus {
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(place, "place");
        }
    }
}
