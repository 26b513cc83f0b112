package dev.tidewheel.definitions.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong. Not thread-safe. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Notes a problem at a place. */
    public void add(Place at, ProblemCode code, String message) {
        found.add(Problem.at(at, code, message));
    }

    /** How many there are so far: compare two counts to know whether something was wrong in between. */
    public int count() {
        return found.size();
    }

    /** In the order of files, lines and columns, each once. */
    public List<Problem> sorted() {
        return found.stream().distinct().sorted().toList();
    }
}
