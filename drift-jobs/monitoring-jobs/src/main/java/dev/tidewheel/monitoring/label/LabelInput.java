package dev.tidewheel.monitoring.label;

/**
 * A scored row that waits for its label, or a label. Flat, for Flink's serialisers.
 *
 * @param kind which of both
 * @param model the model's name
 * @param requestId of the request
 * @param row in the request
 * @param version that scored the row; empty for a label
 * @param value the prediction, NaN without one; or the label
 * @param knownTime when the label could first be known, epoch milliseconds; for a row, the moment asked
 * @param keepUntil when it may be forgotten, epoch milliseconds
 * @param monitors names; together with the next three arrays the windows that it belongs to
 * @param segments of each; for a label, {@code all}
 * @param windowStarts of each; for a label, those of its knownTime
 * @param windowEnds of each
 */
@SuppressWarnings("ArrayRecordComponent") // Flat on purpose; never compared.
public record LabelInput(
        Kind kind,
        String model,
        String requestId,
        int row,
        String version,
        double value,
        long knownTime,
        long keepUntil,
        String[] monitors,
        String[] segments,
        long[] windowStarts,
        long[] windowEnds) {

    /** What it is. */
    public enum Kind {
        /** A scored row. */
        ASKED,
        /** A label. */
        KNOWN
    }

    /** What rows and labels meet by. */
    public String key() {
        return model + "/" + row + "/" + requestId;
    }
}
