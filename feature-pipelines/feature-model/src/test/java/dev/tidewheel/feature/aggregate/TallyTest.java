package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a sorted map, whatever is done in whatever order. */
class TallyTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void holdsWhatASortedMapHolds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int spread = 1 + random.nextInt(300);
            WordTally words = new WordTally();
            TextTally texts = new TextTally();
            TreeMap<Long, Long> expected = new TreeMap<>();
            TreeMap<String, Long> expectedTexts = new TreeMap<>();
            for (int step = random.nextInt(60); step >= 0; step--) {
                step(random, spread, words, texts, expected, expectedTexts);
            }
            String place = "seed " + seed + ", round " + round;
            assertThat(entries(words)).as(place).isEqualTo(list(expected));
            assertThat(entries(texts)).as(place).isEqualTo(list(expectedTexts));
        }
    }

    private static void step(
            Random random,
            int spread,
            WordTally words,
            TextTally texts,
            TreeMap<Long, Long> expected,
            TreeMap<String, Long> expectedTexts) {
        switch (random.nextInt(8)) {
            case 0 -> {
                words.sort();
                texts.sort();
            }
            case 1 -> {
                words.dropZeros();
                texts.dropZeros();
                expected.values().removeIf(count -> count == 0);
                expectedTexts.values().removeIf(count -> count == 0);
            }
            case 2, 3 -> {
                WordTally moreWords = new WordTally();
                TextTally moreTexts = new TextTally();
                for (int i = random.nextInt(80); i >= 0; i--) {
                    long word = random.nextInt(spread) - spread / 2;
                    moreWords.count(word, 1);
                    moreTexts.count("t" + word, 1);
                    expected.merge(word, 1L, Long::sum);
                    expectedTexts.merge("t" + word, 1L, Long::sum);
                }
                if (random.nextBoolean()) {
                    moreWords.sort();
                    moreTexts.sort();
                }
                words.merge(moreWords);
                texts.merge(moreTexts);
            }
            default -> count(random, spread, words, texts, expected, expectedTexts);
        }
    }

    private static void count(
            Random random,
            int spread,
            WordTally words,
            TextTally texts,
            TreeMap<Long, Long> expected,
            TreeMap<String, Long> expectedTexts) {
        long word = random.nextInt(spread) - spread / 2;
        long times = random.nextInt(5) - 2;
        assertThat(words.count(word, times)).isEqualTo(!expected.containsKey(word));
        assertThat(texts.count("t" + word, times)).isEqualTo(!expectedTexts.containsKey("t" + word));
        expected.merge(word, times, Long::sum);
        expectedTexts.merge("t" + word, times, Long::sum);
    }

    private static List<String> list(TreeMap<?, Long> expected) {
        List<String> entries = new ArrayList<>();
        expected.forEach((key, count) -> entries.add(key + "=" + count));
        return entries;
    }

    private static List<String> entries(WordTally tally) {
        tally.sort();
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < tally.size(); i++) {
            entries.add(tally.word(i) + "=" + tally.count(i));
        }
        return entries;
    }

    private static List<String> entries(TextTally tally) {
        tally.sort();
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < tally.size(); i++) {
            entries.add(tally.text(i) + "=" + tally.count(i));
        }
        return entries;
    }
}
