package dev.tidewheel.feature.change;

/**
 * All changes of one key, numbered from 0, ascending by {@link Change#visibleAt()}. Not necessarily held as objects: a
 * {@link Change} may be new with every call.
 *
 * <p>Not necessarily held at all: who plays a key asks when a change becomes visible, then for the rest of it, and comes
 * back to none once it has asked for the next. So the changes of a key may be read while they are played, and one of many
 * millions never stands in memory whole.
 */
public interface KeyBlock {

    /**
     * How many there are; while they are read, at least as many, of which those that there are not become visible at
     * {@link Long#MAX_VALUE}.
     */
    int size();

    /** See {@link Change#retraction()}. */
    boolean isRetraction(int number);

    /** See {@link Change#id()}. */
    EventId id(int number);

    /** See {@link Change#eventTime()}. */
    long eventTime(int number);

    /** See {@link Change#knownTime()}. */
    long knownTime(int number);

    /** See {@link Change#visibleAt()}. */
    long visibleAt(int number);

    /** Whether another change may have the same id, so that one of the two may be a duplicate. */
    boolean sharesId(int number);

    /** Whether a column of the change's row has no value. */
    boolean isNull(int number, int slot);

    /** The integer, epoch milliseconds, boolean or double's bits in a column that is not null. */
    long word(int number, int slot);

    /** The text in a column of texts that is not null. */
    String string(int number, int slot);

    /** The change, whole. */
    Change change(int number);
}
