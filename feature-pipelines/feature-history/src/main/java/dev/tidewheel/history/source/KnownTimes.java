package dev.tidewheel.history.source;

/** When changes could have been known, in a world in which they became known at other moments than in this one. */
@FunctionalInterface
public interface KnownTimes {
    /** Never: the change does not exist in that world. */
    long NEVER = Long.MAX_VALUE;

    /** Those of this world. */
    KnownTimes REAL = new KnownTimes() {
        @Override
        public long of(long eventTime, long knownTime) {
            return knownTime;
        }

        @Override
        public long latest(long visibleThrough) {
            return visibleThrough;
        }
    };

    /** As if every change had been known the moment it happened. */
    KnownTimes WHEN_HAPPENED = (eventTime, knownTime) -> eventTime;

    /** In epoch milliseconds, as its arguments are. */
    long of(long eventTime, long knownTime);

    /** A moment after which nothing really became known that is visible by another, in epoch milliseconds. */
    default long latest(long visibleThrough) {
        return Long.MAX_VALUE;
    }

    /** The same without what really became known after a moment. */
    default KnownTimes knownBy(long moment) {
        KnownTimes all = this;
        return new KnownTimes() {
            @Override
            public long of(long eventTime, long knownTime) {
                return knownTime <= moment ? all.of(eventTime, knownTime) : NEVER;
            }

            @Override
            public long latest(long visibleThrough) {
                return Math.min(moment, all.latest(visibleThrough));
            }
        };
    }
}
