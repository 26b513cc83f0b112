package dev.tidewheel.runtime.clock;

/** The machine's clock. It may be set back; callers that need order must not take it from here. */
public final class WallClock implements Clock {
    @Override
    public long now() {
        return System.currentTimeMillis();
    }
}
