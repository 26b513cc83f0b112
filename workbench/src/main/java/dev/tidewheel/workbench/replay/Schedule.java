package dev.tidewheel.workbench.replay;

import java.util.Optional;

/**
 * Cuts a story into the steps of a lock-step replay. Time goes in ticks of equal length, aligned to the epoch. A tick
 * [T, T + length) that holds questions is a step: what is known at T is sent first, then its questions are asked. So a
 * question at t is answered with what was known at T, where t − length &lt; T ≤ t: never with more than was known at t,
 * and with exactly that if all times are multiples of the length. Ticks without questions are no steps of their own;
 * what becomes known in them is sent with the next step. Immutable; holds no clock.
 */
public final class Schedule {
    private final long[] known;
    private final long[] asked;
    private final long tick;
    private final long end;

    /**
     * @param known when each event becomes known, epoch milliseconds, ascending
     * @param asked when each question is asked, epoch milliseconds, ascending
     * @param tick length of a tick, milliseconds
     * @param end questions from here on are not asked; a last step sends what is known by then
     */
    public Schedule(long[] known, long[] asked, long tick, long end) {
        if (tick < 1) {
            throw new IllegalArgumentException("a tick must be longer than " + tick + " ms");
        }
        requireAscending(known, "known");
        requireAscending(asked, "asked");
        this.known = known.clone();
        this.asked = asked.clone();
        this.tick = tick;
        this.end = end;
    }

    /**
     * The step after a position; empty at the end.
     *
     * @param position what has been done
     */
    public Optional<Step> after(Position position) {
        int question = position.questions();
        if (question < asked.length && asked[question] < end) {
            long now = Math.floorDiv(asked[question], tick) * tick;
            long next = Math.min(now + tick, end);
            return Optional.of(new Step(now, upTo(known, now, position.events()), upTo(asked, next - 1, question)));
        }
        return position.now() < end
                ? Optional.of(new Step(end, upTo(known, end, position.events()), question))
                : Optional.empty();
    }

    /** A step that sends what is known at a time, and asks nothing. */
    public Step catchUp(Position position, long now) {
        return new Step(now, upTo(known, now, position.events()), position.questions());
    }

    /** How many of the questions lie before the end. */
    public int questions() {
        return upTo(asked, end - 1, 0);
    }

    /** How many events are known by the end. */
    public int events() {
        return upTo(known, end, 0);
    }

    private static int upTo(long[] times, long last, int from) {
        int index = from;
        while (index < times.length && times[index] <= last) {
            index++;
        }
        return index;
    }

    private static void requireAscending(long[] times, String name) {
        for (int i = 1; i < times.length; i++) {
            if (times[i] < times[i - 1]) {
                throw new IllegalArgumentException(
                        name + " goes back at " + i + ": " + times[i] + " after " + times[i - 1]);
            }
        }
    }
}
