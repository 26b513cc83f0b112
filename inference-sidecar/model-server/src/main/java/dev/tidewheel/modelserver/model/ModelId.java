package dev.tidewheel.modelserver.model;

import java.util.regex.Pattern;

/** One version of one model. Both names are safe as names of folders. */
public record ModelId(String model, String version) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** Checks both names. */
    public ModelId {
        if (!isName(model) || !isName(version)) {
            throw new IllegalArgumentException("not a model and version: '" + model + "', '" + version + "'");
        }
    }

    /** Whether a text can name a model or a version: letters, digits, {@code . _ -}, not starting with a sign. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public String toString() {
        return model + "/" + version;
    }
}
