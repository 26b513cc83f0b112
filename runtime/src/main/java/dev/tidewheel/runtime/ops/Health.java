package dev.tidewheel.runtime.ops;

/**
 * What a check found.
 *
 * @param reason for people: what is wrong or, if nothing is, what was looked at
 */
public record Health(boolean ok, String reason) {
    public static Health up(String reason) {
        return new Health(true, reason);
    }

    public static Health down(String reason) {
        return new Health(false, reason);
    }
}
