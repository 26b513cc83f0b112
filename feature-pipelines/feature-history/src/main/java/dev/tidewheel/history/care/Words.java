package dev.tidewheel.history.care;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds a value in what nobody can read as columns. Pure. */
public final class Words {
    private Words() {}

    /** Whether it stands there with no letter or digit beside it. */
    public static boolean in(String text, String value) {
        if (value.isEmpty()) {
            return false;
        }
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
            int end = at + value.length();
            if ((at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
                    && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    /**
     * In JSON as a word; in other bytes anywhere: in binary formats a text's length stands before it, which may look like a
     * letter.
     */
    public static boolean in(ByteBuffer bytes, String value) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        if (isJson(all)) {
            return in(new String(all, StandardCharsets.UTF_8), value);
        }
        // Every byte is a character of this charset, so no place is missed.
        return !value.isEmpty() && latin(all).contains(latin(value.getBytes(StandardCharsets.UTF_8)));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** By its looks: in braces or brackets, and without a byte that a text does not have. */
    private static boolean isJson(byte[] bytes) {
        String text = latin(bytes).strip();
        if (!(text.startsWith("{") && text.endsWith("}") || text.startsWith("[") && text.endsWith("]"))) {
            return false;
        }
        for (byte one : bytes) {
            if (one >= 0 && one < ' ' && one != '\n' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }
}
