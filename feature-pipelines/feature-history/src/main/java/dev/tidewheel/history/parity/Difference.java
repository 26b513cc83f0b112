package dev.tidewheel.history.parity;

/**
 * One value that is not what it should be, and that nothing explains.
 *
 * @param requestId the request
 * @param row within the request
 * @param arm whose vector it was
 * @param t the moment asked, epoch milliseconds
 * @param view the view that the column comes from, or {@link ParityReport#COMPUTED} for on-demand columns
 * @param key the key under which the view was read; empty for computed columns
 * @param column the vector's column, or empty if the whole view is concerned
 * @param served as it was served, with its status
 * @param expected as it should have been, with its status
 * @param cut the offsets that the served value contains
 */
public record Difference(
        String requestId,
        int row,
        String arm,
        long t,
        String view,
        String key,
        String column,
        String served,
        String expected,
        String cut) {}
