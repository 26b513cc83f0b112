package dev.tidewheel.history.parity;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How the served values of one view compare.
 *
 * @param view the view
 * @param vectors how many reads of the view were judged: matched + unexplained + pending + unserved + erased
 * @param matched every value equals the oracle's, to the bit
 * @param unexplained at least one value differs, its cut cannot be known, what was stored could not be understood, or
 *     the store had lost the key
 * @param pending the raw rows up to the cut are not committed yet
 * @param unserved the store could not be reached, so nothing was served
 * @param absent of those matched: the store knew no such key, and could not have known it
 * @param freed of those matched: the values lack changes that came after the memory of their time was freed; each of
 *     these changes is a dead letter
 * @param erased reads that cannot be judged any more: they differ, and their cut contains a record of an entity that was
 *     erased since, or the entity was erased by then, and nothing of the read was logged
 * @param values how many single values were compared
 * @param unexplainedValues how many of them differ
 * @param untimely reads whose cut misses a change that had been known for longer than the bound
 * @param lagMillis how far behind the reads were
 */
public record ViewParity(
        String view,
        long vectors,
        long matched,
        long unexplained,
        long pending,
        long unserved,
        long absent,
        long freed,
        long erased,
        long values,
        long unexplainedValues,
        long untimely,
        LagQuantiles lagMillis) {

    /** The share of judged reads that are untimely; 0 if there are none. */
    @JsonProperty
    public double untimelyShare() {
        return vectors == 0 ? 0 : (double) untimely / vectors;
    }
}
