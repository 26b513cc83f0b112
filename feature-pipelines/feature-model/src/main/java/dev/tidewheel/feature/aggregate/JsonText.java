package dev.tidewheel.feature.aggregate;

/**
 * Writes the canonical JSON of {@link dev.tidewheel.feature.row.ColumnType#JSON}: no spaces, doubles as
 * {@link Double#toString}, what is no JSON number as a string. Strings escape only what they must: quotes, backslashes,
 * control characters, and halves of surrogate pairs, which no encoding could carry. The caller orders the keys.
 */
final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder();
    private boolean separate;

    JsonText open(char bracket) {
        next();
        text.append(bracket);
        separate = false;
        return this;
    }

    JsonText close(char bracket) {
        text.append(bracket);
        separate = true;
        return this;
    }

    JsonText key(String key) {
        string(key);
        text.append(':');
        separate = false;
        return this;
    }

    JsonText number(long value) {
        next();
        text.append(value);
        return this;
    }

    JsonText number(double value) {
        if (!Double.isFinite(value)) {
            return string(Double.toString(value));
        }
        next();
        text.append(value);
        return this;
    }

    /** What is JSON already. */
    JsonText raw(String json) {
        next();
        text.append(json);
        return this;
    }

    JsonText string(String value) {
        next();
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value, i);
        }
        text.append('"');
        return this;
    }

    private void append(String value, int at) {
        char unit = value.charAt(at);
        switch (unit) {
            case '"', '\\' -> text.append('\\').append(unit);
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (unit < ' ' || isHalf(value, at)) {
                    escape(unit);
                } else {
                    text.append(unit);
                }
            }
        }
    }

    private void escape(char unit) {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.append(HEX[unit >> shift & 0xF]);
        }
    }

    private static boolean isHalf(String value, int at) {
        char unit = value.charAt(at);
        if (Character.isHighSurrogate(unit)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(unit) && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }

    private void next() {
        if (separate) {
            text.append(',');
        }
        separate = true;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
