package dev.tidewheel.jobs.dead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.kafka.RecordSerde;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterSerializerTest {
    private final DeadLetterSerializer serializer = new DeadLetterSerializer(Channels.of("flights"));

    @BeforeEach
    void open() {
        serializer.open(null, null);
    }

    @Test
    void aShortValueTravelsWhole() {
        DeadLetter letter = letter(new byte[] {1, 2, 3}, "broken");

        assertThat(letter.getValue().remaining()).isEqualTo(3);
        assertThat(letter.getDetail()).isEqualTo("broken");
    }

    @Test
    void aValueThatNoTopicTakesIsCutAndSaysSo() {
        DeadLetter letter = letter(new byte[5_000_000], "x".repeat(100_000));

        assertThat(letter.getValue().remaining()).isEqualTo(DeadLetterSerializer.MAX_BYTES);
        assertThat(letter.getDetail())
                .hasSizeLessThan(3_000)
                .endsWith("the letter has the first 65536 of the value's 5000000 bytes, the raw table has all");
    }

    private DeadLetter letter(byte[] value, String detail) {
        Refusal refusal = new Refusal(
                1, 17, 0, "decode", null, DeadLetterReason.UNDECODABLE, detail, null, null, null, null, value);
        byte[] sent = serializer.serialize(refusal, null, null).value();
        assertThat(sent.length).isLessThan(200_000);
        return RecordSerde.of(DeadLetter.class).decode(sent);
    }
}
