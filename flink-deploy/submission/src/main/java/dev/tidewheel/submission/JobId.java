package dev.tidewheel.submission;

import java.util.regex.Pattern;

/**
 * Names a job on a cluster.
 *
 * @param hex 32 hexadecimal digits
 */
public record JobId(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    public JobId {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a job id: '" + hex + "'");
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
