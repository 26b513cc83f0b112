package dev.tidewheel.history.training;

/** Counts the events in a training set's range that became no rows, by reason. Not thread-safe. */
final class Skipped {
    private long duplicate;
    private long noEntity;
    private long noLabel;

    /** Decides on one event, and counts it if it is left out. */
    boolean keep(boolean repeated, boolean complete, boolean labelled) {
        if (repeated) {
            duplicate++;
        } else if (!complete) {
            noEntity++;
        } else if (!labelled) {
            noLabel++;
        }
        return !repeated && complete && labelled;
    }

    TrainingSetManifest.LeftOut counts() {
        return new TrainingSetManifest.LeftOut(duplicate, noEntity, noLabel);
    }
}
