package dev.tidewheel.workbench.data;

import java.util.Objects;

/**
 * One flight as it was recorded.
 *
 * @param flightId row number in {@code flights-3m.parquet}, from 0: the event id and the tie-break
 * @param date pushback from the gate in the origin's local clock, read as epoch milliseconds; whole minutes
 * @param origin IATA code of the airport of departure
 * @param destination IATA code of the airport of arrival
 * @param distance great-circle distance in miles
 * @param delay arrival delay in minutes; negative is early
 */
public record Flight(long flightId, long date, String origin, String destination, int distance, int delay) {

    private static final long MINUTE = 60_000;
    private static final int TAXI_MINUTES = 35;

    /** Checks that the row can be a flight at all. */
    public Flight {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(destination, "destination");
        if (flightId < 0) {
            throw new IllegalArgumentException("flight_id " + flightId + " is negative");
        }
        if (distance < 0) {
            throw new IllegalArgumentException("flight_id " + flightId + " has a negative distance: " + distance);
        }
    }

    /**
     * When the delay could first be known, in epoch milliseconds of the same clock: 35 minutes on the ground plus
     * the distance at 7.5 miles per minute, rounded up to a whole minute. The delay is not added: {@code date} is the
     * actual departure and holds it already.
     */
    public long landing() {
        // distance / 7.5, rounded up, in whole numbers.
        long inTheAir = (2L * distance + 14) / 15;
        return date + (TAXI_MINUTES + inTheAir) * MINUTE;
    }
}
