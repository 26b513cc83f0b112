package dev.tidewheel.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.ClockTick;
import dev.tidewheel.records.Label;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordSerdeTest {
    private static final ClockTick TICK = new ClockTick(981_000_000_000L, "replay", 7L);

    private final RecordSerde<ClockTick> serde = RecordSerde.of(ClockTick.class);

    @Test
    void readsWhatItWrote() {
        byte[] bytes = serde.encode(TICK);
        assertThat(bytes).startsWith(0xC3, 0x01);
        assertThat(serde.decode(bytes)).isEqualTo(TICK);
    }

    @Test
    void tombstonesStayTombstones() {
        assertThat(serde.serialize("topic", null)).isNull();
        assertThat(serde.deserialize("topic", null)).isNull();
    }

    @Test
    void refusesOtherRecords() {
        byte[] label = RecordSerde.of(Label.class).encode(new Label("r", 0, "m", "late", 1.0, 2L));
        assertThatThrownBy(() -> serde.decode(label))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("no known version of ClockTick");
    }

    @Test
    void refusesEveryTruncation() {
        byte[] bytes = serde.encode(TICK);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serde.decode(cut)).isInstanceOf(UnreadableRecordException.class);
        }
    }

    @Test
    void refusesPlainText() {
        assertThatThrownBy(() -> serde.decode("{\"now\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("single-object encoding");
    }
}
