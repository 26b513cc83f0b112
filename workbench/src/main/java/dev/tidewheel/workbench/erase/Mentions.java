package dev.tidewheel.workbench.erase;

import dev.tidewheel.history.care.Words;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record mentions an entity: each of its texts stands in some field that may speak of entities, in a text as a
 * word of its own, in bytes as {@link Words} finds it. Another's record may mention it too. Immutable.
 */
final class Mentions {
    /** Fields that say which model, service or definition it was, whose names have words in common with many a value. */
    private static final Set<String> OF_DEFINITIONS =
            Set.of("model", "modelVersion", "monitor", "rule", "topic", "stage", "view", "hash", "step", "slot");

    private final List<String> texts;

    /** @param texts the entity's values */
    Mentions(Collection<String> texts) {
        this.texts = List.copyOf(texts);
    }

    boolean in(IndexedRecord record) {
        return texts.stream().allMatch(text -> in(record, text));
    }

    private static boolean in(@Nullable Object value, String text) {
        if (value instanceof CharSequence characters) {
            return Words.in(characters.toString(), text);
        }
        if (value instanceof ByteBuffer bytes) {
            return Words.in(bytes, text);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().anyMatch(each -> in(each, text));
        }
        if (value instanceof IndexedRecord record) {
            for (Schema.Field field : record.getSchema().getFields()) {
                if (!OF_DEFINITIONS.contains(field.name()) && in(record.get(field.pos()), text)) {
                    return true;
                }
            }
        }
        return false;
    }
}
