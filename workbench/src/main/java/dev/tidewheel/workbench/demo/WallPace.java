package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.replay.Pace;
import java.util.concurrent.TimeUnit;

/** Lets so many seconds of story pass per second of wall time, at most. For one thread. */
final class WallPace implements Pace {
    private final long storyBegin;
    private final double speed;
    private final long wallBegin = System.nanoTime();

    /**
     * @param storyBegin the story's time now, epoch milliseconds
     * @param speed seconds of story per second
     */
    WallPace(long storyBegin, double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be positive, not " + speed);
        }
        this.storyBegin = storyBegin;
        this.speed = speed;
    }

    @Override
    public void await(long now) throws InterruptedException {
        long due = wallBegin + (long) ((now - storyBegin) / speed * 1e6);
        long wait = due - System.nanoTime();
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }
}
