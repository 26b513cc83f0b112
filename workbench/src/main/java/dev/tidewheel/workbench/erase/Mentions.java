package dev.tidewheel.workbench.erase;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record mentions an entity: each of its texts stands in some field, in a text as a word of its own, in bytes
 * anywhere. Another's record may mention it too. Immutable.
 */
final class Mentions {
    private final List<String> texts;

    /** @param texts the entity's values */
    Mentions(Collection<String> texts) {
        this.texts = List.copyOf(texts);
    }

    boolean in(IndexedRecord record) {
        return texts.stream().allMatch(text -> !text.isEmpty() && in(record, text));
    }

    private static boolean in(@Nullable Object value, String text) {
        if (value instanceof CharSequence characters) {
            return isWord(characters.toString(), text);
        }
        if (value instanceof ByteBuffer bytes) {
            // Every byte is a character of this charset, so no place is missed.
            return characters(bytes)
                    .contains(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
        if (value instanceof Collection<?> values) {
            return values.stream().anyMatch(each -> in(each, text));
        }
        if (value instanceof IndexedRecord record) {
            int fields = record.getSchema().getFields().size();
            for (int field = 0; field < fields; field++) {
                if (in(record.get(field), text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String characters(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        return new String(all, StandardCharsets.ISO_8859_1);
    }

    private static boolean isWord(String in, String text) {
        for (int at = in.indexOf(text); at >= 0; at = in.indexOf(text, at + 1)) {
            int end = at + text.length();
            if ((at == 0 || !Character.isLetterOrDigit(in.charAt(at - 1)))
                    && (end == in.length() || !Character.isLetterOrDigit(in.charAt(end)))) {
                return true;
            }
        }
        return false;
    }
}
