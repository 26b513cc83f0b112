package dev.tidewheel.history.care;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Which neighbouring files are written together. A plain "all small ones" would write the same rows again in each round
 * until they fill a file. So, as in a log-structured merge tree, older files join only when the newer ones together have
 * become as large: a row is written a number of times that grows with the logarithm of the file size.
 */
final class Runs {
    private static final int SMALL_DIVISOR = 64;

    private final long target;
    private final int files;

    /**
     * @param target bytes of a full file
     * @param files the fewest that are worth it
     */
    Runs(long target, int files) {
        this.target = target;
        this.files = files;
    }

    /** Whether a file of so many bytes may grow. */
    boolean isSmall(long size) {
        return size < target - target / 4;
    }

    /**
     * @param ascending neighbours, oldest first
     * @return runs of them, each oldest first; no two overlap
     */
    <F> List<List<F>> of(List<F> ascending, ToLongFunction<F> size) {
        List<List<F>> runs = new ArrayList<>();
        int end = ascending.size();
        while (end > 0) {
            int start = start(ascending, end, size);
            if (end - start >= files) {
                runs.add(List.copyOf(ascending.subList(start, end)));
            }
            end = Math.min(start, end - 1);
        }
        return runs;
    }

    /** Goes from the newest to older ones as long as they belong together. */
    private <F> int start(List<F> ascending, int end, ToLongFunction<F> size) {
        long sum = 0;
        int start = end;
        while (start > 0) {
            long next = size.applyAsLong(ascending.get(start - 1));
            boolean tooLarge = !isSmall(next) || sum + next > target;
            if (tooLarge || start < end && next > Math.max(sum, target / SMALL_DIVISOR)) {
                break;
            }
            sum += next;
            start--;
        }
        return start;
    }
}
