package dev.tidewheel.workbench.replay;

import java.util.Optional;

/**
 * Cuts a story into the steps of a lock-step replay. Time goes in ticks of equal length, aligned to the epoch. A tick
 * [T, T + length) that holds questions is a step: what is known at T is sent first, then its questions are asked. So a
 * question at t is answered with what was known at T, where t − length &lt; T ≤ t: never with more than was known at t,
 * and with exactly that if all times are multiples of the length. Ticks without questions are no steps of their own;
 * what becomes known in them is sent with the next step. But every control tick is a step, and so is the end: then the
 * control plane settles. Immutable; holds no clock.
 */
public final class Schedule {
    private final long[] known;
    private final long[] asked;
    private final long tick;
    private final long end;
    private final long control;

    /**
     * @param known when each event becomes known, epoch milliseconds, ascending
     * @param asked when each question is asked, epoch milliseconds, ascending
     * @param tick length of a tick, milliseconds
     * @param end questions from here on are not asked; a last step sends what is known by then
     * @param control between two control ticks, which are aligned to the epoch too; a multiple of the tick, milliseconds
     */
    public Schedule(long[] known, long[] asked, long tick, long end, long control) {
        if (tick < 1) {
            throw new IllegalArgumentException("a tick must be longer than " + tick + " ms");
        }
        if (control < 1 || control % tick != 0) {
            throw new IllegalArgumentException(
                    "control ticks must be whole ticks apart: " + control + " ms is no multiple of " + tick + " ms");
        }
        requireAscending(known, "known");
        requireAscending(asked, "asked");
        this.known = known.clone();
        this.asked = asked.clone();
        this.tick = tick;
        this.end = end;
        this.control = control;
    }

    /**
     * The step after a position; empty at the end.
     *
     * @param position what has been done
     */
    public Optional<Step> after(Position position) {
        int question = position.questions();
        boolean asks = question < asked.length && asked[question] < end;
        if (!asks && position.now() >= end) {
            return Optional.empty();
        }
        long now = asks ? Math.floorDiv(asked[question], tick) * tick : end;
        long settle = nextControl(position.now());
        if (settle < now) {
            return Optional.of(step(settle, position, question));
        }
        return Optional.of(step(now, position, asks ? upTo(asked, Math.min(now + tick, end) - 1, question) : question));
    }

    private Step step(long now, Position position, int questions) {
        boolean settles = now == end || Math.floorMod(now, control) == 0;
        return new Step(now, upTo(known, now, position.events()), questions, settles);
    }

    /** The first control tick after a time; none before the story has begun. */
    private long nextControl(long now) {
        return now == Long.MIN_VALUE ? Long.MAX_VALUE : (Math.floorDiv(now, control) + 1) * control;
    }

    /** A step that sends what is known at a time, and asks nothing. */
    public Step catchUp(Position position, long now) {
        return new Step(now, upTo(known, now, position.events()), position.questions(), false);
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
