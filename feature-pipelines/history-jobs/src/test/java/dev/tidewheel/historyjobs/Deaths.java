package dev.tidewheel.historyjobs;

import dev.tidewheel.history.scan.ChangeScan;
import dev.tidewheel.history.scan.ChangeSink;
import dev.tidewheel.history.scan.ScanFilter;
import dev.tidewheel.history.scan.Share;
import dev.tidewheel.history.source.KnownTimes;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.source.SourceColumns;
import java.io.IOException;
import java.util.Random;

/** Lets tasks die in the middle of what they do, a few times each. Thread-safe. */
final class Deaths {
    private final Random random;
    private int left;
    private int until;
    private int happened;

    /** No exception: nobody on the way may take it for something that can be mended. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(int number) {
            super("death " + number + ", on purpose");
        }
    }

    /**
     * @param times how often a task dies
     * @param calls a death comes after at most so many calls
     */
    Deaths(long seed, int times, int calls) {
        this.random = new Random(seed);
        this.left = times;
        this.until = 1 + random.nextInt(calls);
    }

    synchronized int happened() {
        return happened;
    }

    /** One of the calls of which some are deadly. */
    synchronized void call() {
        if (left > 0 && --until <= 0) {
            left--;
            until = 1 + random.nextInt(300);
            throw new Death(++happened);
        }
    }

    /** Dies where changes are dealt out, and where they are taken. */
    KnownTimes in(KnownTimes known) {
        return new KnownTimes() {
            @Override
            public long of(long eventTime, long knownTime) {
                call();
                return known.of(eventTime, knownTime);
            }

            @Override
            public long latest(long visibleThrough) {
                return known.latest(visibleThrough);
            }
        };
    }

    /** Dies where changes are read. */
    ChangeScan in(ChangeScan scan) {
        return new ChangeScan() {
            @Override
            public SourceColumns columns() {
                return scan.columns();
            }

            @Override
            public Origin origin() {
                return scan.origin();
            }

            @Override
            public boolean isHeld() {
                return scan.isHeld();
            }

            @Override
            public void scan(ScanFilter filter, Share share, ChangeSink sink) throws IOException {
                scan.scan(filter, share, batch -> {
                    call();
                    sink.take(batch);
                });
                call();
            }
        };
    }
}
