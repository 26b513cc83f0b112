package dev.tidewheel.jobs;

import dev.tidewheel.jobs.RetainedJob.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes the events of a job that is to be retained: a day and a half of them, so that with a horizon of six hours some ids
 * are remembered and others forgotten again. Among them are late ones, ones dated ahead and too far ahead, nulls, rows that
 * a filter leaves out, rows on which an expression fails, copies, and copies known earlier.
 */
final class RetainedEvents {
    private static final long START = 978_307_200_000L; // 2001-01-01T00:00:00Z
    private static final long MINUTE = 60_000;
    private static final long HORIZON = Duration.ofHours(6).toMillis();
    private static final int BEFORE = 700;
    private static final int AFTER = 200;
    private static final int ORIGINS = 12;
    private static final int DESTINATIONS = 20;
    /** Copies are of one of so many last events: nothing that the horizon has freed yet. */
    private static final int COPIED = 30;

    private final Random random;
    private final List<Event> events = new ArrayList<>();
    private long known = START;

    private RetainedEvents(long seed) {
        random = new Random(seed);
    }

    /** Writes {@code before.csv} and {@code after.csv}. */
    static void write(Path folder) throws IOException {
        List<Event> events = new RetainedEvents(20010101).generate(BEFORE + AFTER);
        RetainedJob.write(folder.resolve("before.csv"), events.subList(0, BEFORE));
        RetainedJob.write(folder.resolve("after.csv"), events.subList(BEFORE, events.size()));
    }

    private List<Event> generate(int count) {
        while (events.size() < count) {
            known += random.nextInt((int) (6 * MINUTE));
            boolean copy = !events.isEmpty() && random.nextInt(12) == 0;
            events.add(
                    copy
                            ? copy(events.get(events.size() - 1 - random.nextInt(Math.min(COPIED, events.size()))))
                            : fresh());
        }
        return events;
    }

    private Event fresh() {
        return new Event(
                random.nextInt(RetainedJob.PARTITIONS),
                known,
                events.size(),
                known - age(),
                known,
                "O" + random.nextInt(ORIGINS),
                "D" + random.nextInt(DESTINATIONS),
                random.nextInt(9) == 0 ? null : (long) random.nextInt(60) - 20,
                random.nextInt(9) == 0 ? null : random.nextGaussian() * 100,
                random.nextInt(10) == 0);
    }

    /** How long ago it happened when it was known. */
    private long age() {
        return switch (random.nextInt(20)) {
            case 0 -> HORIZON + 1 + random.nextInt((int) MINUTE);
            case 1 -> -random.nextInt((int) (9 * MINUTE));
            case 2 -> -11 * MINUTE;
            case 3 -> random.nextInt(10_000);
            default -> random.nextInt((int) (240 * MINUTE));
        };
    }

    /** Sent again by way of another partition; sometimes it had been known earlier. */
    private Event copy(Event of) {
        long earlier = random.nextInt(3) == 0 ? random.nextInt((int) (10 * MINUTE)) : 0;
        return new Event(
                random.nextInt(RetainedJob.PARTITIONS),
                known,
                of.id(),
                of.date(),
                of.landing() - earlier,
                of.origin(),
                of.destination(),
                of.delay(),
                of.speed(),
                of.diverted());
    }
}
