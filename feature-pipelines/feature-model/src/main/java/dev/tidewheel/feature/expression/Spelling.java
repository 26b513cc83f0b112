package dev.tidewheel.feature.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant. */
public final class Spelling {
    private Spelling() {}

    /** The candidate nearest to a word, if one is near enough to be worth suggesting. */
    public static Optional<String> closest(String word, Collection<String> candidates) {
        if (word.length() > 64) {
            return Optional.empty();
        }
        return candidates.stream()
                .filter(candidate ->
                        distance(word, candidate) <= Math.max(1, Math.max(word.length(), candidate.length()) / 3))
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** " Did you mean 'x'?" or, if nothing is near, " There are: x, y.", or nothing if there is nothing. */
    public static String hint(String word, Collection<String> candidates) {
        if (candidates.isEmpty()) {
            return "";
        }
        return closest(word, candidates)
                .map(found -> "; did you mean '" + found + "'?")
                .orElseGet(() -> "; write one of: " + abridged(candidates));
    }

    private static String abridged(Collection<String> candidates) {
        String shown = String.join(", ", candidates.stream().sorted().limit(12).toList());
        return candidates.size() > 12 ? shown + ", … (" + candidates.size() + " in all)" : shown;
    }

    /** Edits between two words, without regard to case; a swap of neighbours is one edit. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
