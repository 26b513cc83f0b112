package dev.tidewheel.history.scan;

/**
 * A part of a scan, so that several threads can read a source at once.
 *
 * @param number which, from 0
 * @param of how many there are
 */
public record Share(int number, int of) {
    /** Everything. */
    public static final Share ALL = new Share(0, 1);

    public Share {
        if (number < 0 || number >= of) {
            throw new IllegalArgumentException("there is no share " + number + " of " + of);
        }
    }

    /** Where the part begins among so many things in a row; it ends where the next begins. */
    public int from(int things) {
        return (int) ((long) things * number / of);
    }

    /** Where the part ends. */
    public int to(int things) {
        return (int) ((long) things * (number + 1) / of);
    }

    /** Whether the n-th of many things is in the part, if they are dealt out. */
    public boolean has(int thing) {
        return thing % of == number;
    }
}
