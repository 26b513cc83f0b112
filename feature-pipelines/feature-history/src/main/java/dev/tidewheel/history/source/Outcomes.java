package dev.tidewheel.history.source;

/**
 * What became of the records of a partition, each counted once. Of rows that change a record counts that brings a row.
 *
 * @param counted those that are changes
 * @param handedOver those that the source's handover leaves to the other side
 * @param erased those of entities that are erased
 * @param refused all others
 */
public record Outcomes(long counted, long handedOver, long erased, long refused) {
    /** Of a partition without records. */
    public static final Outcomes NONE = new Outcomes(0, 0, 0, 0);

    /** How many records there are. */
    public long total() {
        return counted + handedOver + erased + refused;
    }

    @Override
    public String toString() {
        return counted + " that count + " + handedOver + " left to the other side + " + erased + " erased + " + refused
                + " refused";
    }
}
