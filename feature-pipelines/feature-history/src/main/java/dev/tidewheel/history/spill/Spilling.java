package dev.tidewheel.history.spill;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How much may stand in memory, and where the rest stands meanwhile. What is spilled has no name, so nothing is left over
 * however a process ends.
 *
 * @param budgetBytes about how much memory is used for rows; what reads and plays them comes on top
 * @param folder for what does not fit, made if it is not there; not one in memory
 */
public record Spilling(long budgetBytes, Path folder) {
    private static final int SHARE_OF_HEAP = 3;

    public Spilling {
        Objects.requireNonNull(folder, "folder");
        if (budgetBytes <= 0) {
            throw new IllegalArgumentException("a budget has at least a byte, got " + budgetBytes);
        }
    }

    /** A third of the heap that this process may have. */
    public static Spilling into(Path folder) {
        return new Spilling(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, folder);
    }

    /** The same with a part of the budget. */
    public Spilling share(int parts) {
        return new Spilling(Math.max(1, budgetBytes / parts), folder);
    }
}
