package dev.tidewheel.feature.view;

/**
 * What became of a change that was routed to a key. The order is the precedence: a late duplicate is late. LATE and
 * REJECTED are properties of the change itself; of the others, only which of several copies counts as the first depends
 * on the order of arrival.
 */
public enum Disposition {
    /** Known later after its event than the source's horizon allows. To dead-letters. */
    LATE(0),
    /** An expression failed, the event lies too far ahead, or the view cannot retract. To dead-letters. */
    REJECTED(2),
    /** Seen before under the same id. */
    DUPLICATE(1),
    /** The view's {@code where} said no. */
    FILTERED(3),
    /** Part of the values from its visibleAt on. */
    APPLIED(4);

    private final int code;

    Disposition(int code) {
        this.code = code;
    }

    /** Its place among the counts of a stored state: never renumber. */
    int code() {
        return code;
    }
}
