package dev.tidewheel.history.questions;

/** Counts the questions in a training set's range that become no rows, by reason. Not thread-safe. */
final class Skipped {
    private long duplicate;
    private long noEntity;
    private long noLabel;
    private long labelNotKnown;

    /** What is known about a question's label. */
    enum Label {
        KNOWN,
        MISSING,
        NOT_KNOWN_YET
    }

    /** Decides on one question, and counts it if it is left out. */
    boolean keep(boolean repeated, boolean complete, Label label) {
        if (repeated) {
            duplicate++;
        } else if (!complete) {
            noEntity++;
        } else if (label == Label.MISSING) {
            noLabel++;
        } else if (label == Label.NOT_KNOWN_YET) {
            labelNotKnown++;
        }
        return !repeated && complete && label == Label.KNOWN;
    }

    LeftOut counts() {
        return new LeftOut(duplicate, noEntity, noLabel, labelNotKnown);
    }
}
