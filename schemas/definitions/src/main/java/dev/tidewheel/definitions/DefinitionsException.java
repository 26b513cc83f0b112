package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Definitions that cannot be used, with everything that is wrong with them. */
public final class DefinitionsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * @param problems at least one
     */
    public DefinitionsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of files and lines. */
    public List<Problem> problems() {
        return problems;
    }
}
