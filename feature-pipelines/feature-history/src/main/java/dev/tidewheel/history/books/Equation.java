package dev.tidewheel.history.books;

import java.util.Objects;

/**
 * Two counts that must be equal.
 *
 * @param name what is counted, for people
 * @param leftName where the left count comes from
 * @param left the count
 * @param rightName where the right count comes from
 * @param right the count
 */
public record Equation(String name, String leftName, long left, String rightName, long right) {
    public Equation {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(leftName, "leftName");
        Objects.requireNonNull(rightName, "rightName");
    }

    public boolean holds() {
        return left == right;
    }

    @Override
    public String toString() {
        return name + ": " + leftName + " " + left + (holds() ? " = " : " ≠ ") + right + " " + rightName;
    }
}
