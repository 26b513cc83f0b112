package dev.tidewheel.history.care;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void aValueIsAWordOfItsOwnInTexts() {
        assertThat(Words.in("customer=1", "1")).isTrue();
        assertThat(Words.in("11 1", "1")).as("the second").isTrue();
        assertThat(Words.in("weekly1", "1")).isFalse();
        assertThat(Words.in("12", "1")).isFalse();
        assertThat(Words.in("anything", "")).isFalse();
    }

    @Test
    void inJsonItIsAWordAndInOtherBytesItMayStandAnywhere() {
        assertThat(Words.in(bytes("{\"id\": 1}"), "1")).isTrue();
        assertThat(Words.in(bytes(" [\"Jürgen\"]\n"), "Jürgen")).isTrue();
        assertThat(Words.in(bytes("{\"amount\": 2100}"), "1")).isFalse();
        assertThat(Words.in(bytes("0aTextOfTwentyFourLetters"), "aTextOfTwentyFourLetters"))
                .as("its length in Avro looks like a digit")
                .isTrue();
        assertThat(Words.in(bytes("{\u00020me}"), "me")).as("no JSON").isTrue();
        assertThat(Words.in(bytes("anything"), "")).isFalse();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
