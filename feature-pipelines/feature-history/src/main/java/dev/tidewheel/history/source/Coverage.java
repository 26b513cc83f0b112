package dev.tidewheel.history.source;

/**
 * Which records of one Kafka partition a table holds, rejected ones too, each counted once.
 *
 * @param records how many distinct offsets
 * @param firstOffset the smallest
 * @param nextOffset the greatest plus one
 */
public record Coverage(long records, long firstOffset, long nextOffset) {

    /** Whether no offset between the first and the next is missing. */
    public boolean isContiguous() {
        return records == nextOffset - firstOffset;
    }

    Coverage plus(Coverage that) {
        return new Coverage(
                records + that.records, Math.min(firstOffset, that.firstOffset), Math.max(nextOffset, that.nextOffset));
    }
}
