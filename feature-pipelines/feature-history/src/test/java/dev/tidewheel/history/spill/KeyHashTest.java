package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    private static final List<String> EDGES = List.of(
            "",
            "-",
            "0",
            "-0",
            "00",
            "7",
            "-7",
            "+7",
            "07",
            "-07",
            "1-",
            "99999999999999999",
            "-99999999999999999",
            "999999999999999999",
            "-999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
            "123456789012345678901",
            "٣");

    @Test
    void aNumberIsWhatItsTextSays() {
        EDGES.forEach(KeyHashTest::requireAsParsed);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            requireAsParsed(random.ints(random.nextInt(22), 0, 12)
                    .mapToObj(n -> n < 10 ? Integer.toString(n) : "-")
                    .collect(Collectors.joining()));
            requireAsParsed(Long.toString(random.nextLong() >> random.nextInt(64)));
        }
    }

    private static void requireAsParsed(String text) {
        assertThat(KeyHash.isNumber(text)).describedAs(text).isEqualTo(isParsed(text));
    }

    private static boolean isParsed(String text) {
        try {
            return Long.toString(Long.parseLong(text)).equals(text);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
