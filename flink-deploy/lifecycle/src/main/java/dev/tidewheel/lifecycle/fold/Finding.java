package dev.tidewheel.lifecycle.fold;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was found out or decided.
 *
 * @param sentence for people
 * @param numbers what it follows from, in the order in which the sentence uses them
 */
public record Finding(String sentence, List<Number> numbers) {
    public Finding {
        numbers = List.copyOf(numbers);
    }

    /** @param value null where the figure is not known */
    public record Number(String name, @Nullable Double value) {}

    public static Finding of(String sentence) {
        return new Finding(sentence, List.of());
    }

    public Finding with(String name, double value) {
        List<Number> next = new ArrayList<>(numbers);
        next.add(new Number(name, value));
        return new Finding(sentence, next);
    }
}
