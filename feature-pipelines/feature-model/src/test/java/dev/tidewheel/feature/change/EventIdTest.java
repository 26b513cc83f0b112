package dev.tidewheel.feature.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventIdTest {
    private static final List<EventId> ASCENDING = List.of(
            EventId.of(-1),
            EventId.of(2),
            EventId.of(10),
            EventId.of("e1"),
            EventId.of("e10"),
            EventId.of("e2"),
            EventId.of("topic", 0, 9),
            EventId.of("topic", 1, 3),
            EventId.of("topic", 1, 4));

    @Test
    void numbersOrderByValueTextsByUnitPositionsByPartitionAndOffset() {
        List<EventId> shuffled =
                Stream.of(8, 0, 5, 3, 1, 7, 2, 6, 4).map(ASCENDING::get).toList();
        assertThat(shuffled.stream().sorted()).containsExactlyElementsOf(ASCENDING);
    }

    @Test
    void idsComeBackFromTheirBytes() {
        for (EventId id : ASCENDING) {
            ByteWriter out = new ByteWriter();
            id.encode(out);
            assertThat(EventId.decode(new ByteReader(out.toByteArray()))).isEqualTo(id);
        }
        assertThatThrownBy(() -> EventId.decode(new ByteReader(new byte[] {3})))
                .hasMessage("an event id has form 0, 1 or 2, got 3");
    }

    @Test
    void idsReadLikeWhatTheyAre() {
        assertThat(ASCENDING.get(1)).hasToString("2");
        assertThat(ASCENDING.get(3)).hasToString("e1");
        assertThat(ASCENDING.get(8)).hasToString("topic-1@4");
    }
}
