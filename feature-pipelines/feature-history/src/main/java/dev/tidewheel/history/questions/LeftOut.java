package dev.tidewheel.history.questions;

/**
 * Questions in the range that became no rows.
 *
 * @param duplicate the same question again
 * @param noEntity an entity column is null
 * @param noLabel the label is null, failed, or nobody told it
 * @param labelNotKnown the label became known after the moment as of which the set is built
 */
public record LeftOut(long duplicate, long noEntity, long noLabel, long labelNotKnown) {

    /** How many in all. */
    public long total() {
        return duplicate + noEntity + noLabel + labelNotKnown;
    }
}
