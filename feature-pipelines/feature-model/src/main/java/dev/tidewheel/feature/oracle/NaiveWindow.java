package dev.tidewheel.feature.oracle;

import dev.tidewheel.feature.aggregate.ReadPoint;
import dev.tidewheel.feature.window.Window;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which events a window takes, by its definition.
 *
 * @param window which
 * @param t read when
 */
record NaiveWindow(Window window, long t) {

    /**
     * @param places the events, in the total order
     * @param at what they are finished for
     * @param truncated whether there are more than the window keeps
     */
    @SuppressWarnings("ArrayRecordComponent") // Lives for one value, compared with nothing.
    record Chosen(int[] places, ReadPoint at, boolean truncated) {}

    /** No event before it decides anything. */
    long earliest() {
        if (window instanceof Window.Sliding sliding) {
            return floor(minus(t, sliding.lengthMillis()), sliding.resolutionMillis());
        }
        if (window instanceof Window.Exact exact) {
            return floor(minus(t, exact.lengthMillis()), booked(exact.lengthMillis()));
        }
        if (window instanceof Window.Hopping hopping) {
            return minus(floor(t, hopping.hopMillis()), hopping.lengthMillis());
        }
        if (window instanceof Window.Session session) {
            return floor(minus(t, session.maxLengthMillis()), session.gapMillis());
        }
        return Long.MIN_VALUE;
    }

    /**
     * @param visible the view's events that are visible at t, in the total order
     * @param eventTimes by place
     * @param column which of them count for the feature
     */
    Chosen choose(int[] visible, long[] eventTimes, NaiveColumn column) {
        long from = earliest();
        int[] inside = Arrays.copyOfRange(visible, firstAtOrAfter(from, visible, eventTimes), visible.length);
        if (window instanceof Window.Exact exact) {
            return exact(exact, inside, eventTimes, column);
        }
        if (window instanceof Window.Hopping hopping) {
            long end = floor(t, hopping.hopMillis());
            int[] complete = IntStream.of(inside)
                    .filter(place -> eventTimes[place] < end)
                    .toArray();
            return new Chosen(complete, new ReadPoint(t, from, end), false);
        }
        if (window instanceof Window.Session session) {
            return session(session, inside, eventTimes);
        }
        if (window instanceof Window.Rows rows) {
            return lastRows(rows, inside, eventTimes, column);
        }
        return new Chosen(inside, new ReadPoint(t, from), false);
    }

    private static int firstAtOrAfter(long from, int[] visible, long[] eventTimes) {
        int low = 0;
        int high = visible.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (eventTimes[visible[middle]] < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Chosen exact(Window.Exact exact, int[] inside, long[] eventTimes, NaiveColumn column) {
        long from = minus(t, exact.lengthMillis());
        long counted =
                IntStream.of(inside).filter(place -> column.signs[place] != 0).count();
        int[] places =
                IntStream.of(inside).filter(place -> eventTimes[place] >= from).toArray();
        return new Chosen(places, new ReadPoint(t, from), counted > exact.maxEvents());
    }

    private Chosen session(Window.Session session, int[] inside, long[] eventTimes) {
        int first = inside.length;
        long open = t;
        while (first > 0 && distance(open, eventTimes[inside[first - 1]]) <= session.gapMillis()) {
            first--;
            open = eventTimes[inside[first]];
        }
        int[] places = Arrays.copyOfRange(inside, first, inside.length);
        return new Chosen(places, new ReadPoint(t, places.length == 0 ? earliest() : open), false);
    }

    private Chosen lastRows(Window.Rows rows, int[] inside, long[] eventTimes, NaiveColumn column) {
        int[] counted =
                IntStream.of(inside).filter(place -> column.signs[place] != 0).toArray();
        int[] last = IntStream.of(counted)
                .skip(Math.max(0, counted.length - rows.count()))
                .toArray();
        return new Chosen(last, new ReadPoint(t, last.length == 0 ? Long.MIN_VALUE : eventTimes[last[0]]), false);
    }

    /** The default resolution: the largest of 5 min, 1 h, 6 h, 1 d that is at most a twelfth, or else a twelfth. */
    private static long booked(long length) {
        long booked = Math.max(1, length / 12);
        for (long minutes : new long[] {5, 60, 360, 1_440}) {
            booked = minutes * 60_000 <= length / 12 ? minutes * 60_000 : booked;
        }
        return booked;
    }

    private static long floor(long time, long width) {
        return clamp(BigInteger.valueOf(Math.floorDiv(time, width)).multiply(BigInteger.valueOf(width)));
    }

    private static long minus(long time, long length) {
        return clamp(BigInteger.valueOf(time).subtract(BigInteger.valueOf(length)));
    }

    private static long distance(long later, long earlier) {
        return clamp(BigInteger.valueOf(later).subtract(BigInteger.valueOf(earlier)));
    }

    private static long clamp(BigInteger value) {
        return value.max(BigInteger.valueOf(Long.MIN_VALUE))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }
}
