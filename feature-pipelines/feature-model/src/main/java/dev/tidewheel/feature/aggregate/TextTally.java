package dev.tidewheel.feature.aggregate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tally of texts, in the order of their UTF-16 units. */
final class TextTally extends Tally<TextTally> {
    private @Nullable String[] texts = new String[4];

    String text(int entry) {
        String text = texts[entry];
        if (text == null) {
            throw new IllegalStateException("no text at " + entry);
        }
        return text;
    }

    boolean count(String text, long times) {
        reserve();
        texts[staged()] = text;
        return countStaged(times);
    }

    /** Counts a key that is greater than all others. */
    void append(String text, long times) {
        reserve();
        texts[staged()] = text;
        append(times);
    }

    @Override
    void resizeKeys(int capacity) {
        texts = Arrays.copyOf(texts, capacity);
    }

    @Override
    void stage(TextTally other, int entry, int at) {
        texts[at] = other.texts[entry];
    }

    @Override
    int hash(int entry) {
        return text(entry).hashCode();
    }

    @Override
    int compare(int left, int right) {
        return text(left).compareTo(text(right));
    }

    @Override
    boolean same(int left, int right) {
        return text(left).equals(text(right));
    }

    @Override
    void sortKeys(int count) {
        Arrays.sort(texts, 0, count);
    }

    @Override
    TextTally copyKeys(int count) {
        TextTally copy = new TextTally();
        copy.texts = Arrays.copyOf(texts, count + 1);
        return copy;
    }
}
