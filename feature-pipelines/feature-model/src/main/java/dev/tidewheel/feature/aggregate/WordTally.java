package dev.tidewheel.feature.aggregate;

import java.util.Arrays;

/** A tally of words, in signed order. */
final class WordTally extends Tally<WordTally> {
    private long[] words = new long[4];

    long word(int entry) {
        return words[entry];
    }

    boolean count(long word, long times) {
        reserve();
        words[staged()] = word;
        return countStaged(times);
    }

    /** Counts a key that is greater than all others. */
    void append(long word, long times) {
        reserve();
        words[staged()] = word;
        append(times);
    }

    @Override
    void resizeKeys(int capacity) {
        words = Arrays.copyOf(words, capacity);
    }

    @Override
    void stage(WordTally other, int entry, int at) {
        words[at] = other.words[entry];
    }

    @Override
    int hash(int entry) {
        return Long.hashCode(words[entry]);
    }

    @Override
    int compare(int left, int right) {
        return Long.compare(words[left], words[right]);
    }

    @Override
    boolean same(int left, int right) {
        return words[left] == words[right];
    }

    @Override
    void sortKeys(int count) {
        Arrays.sort(words, 0, count);
    }

    @Override
    WordTally copyKeys(int count) {
        WordTally copy = new WordTally();
        copy.words = Arrays.copyOf(words, count + 1);
        return copy;
    }
}
