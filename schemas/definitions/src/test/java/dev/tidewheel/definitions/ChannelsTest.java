package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChannelsTest {
    private final Channels two = new Channels(List.of("cards", "wallets"));

    @Test
    void aSourceOfOneTopicHasItsPartitionsNumbers() {
        Channels one = Channels.of("cards");

        assertThat(one.channel("cards", 3)).isEqualTo(3);
        assertThat(one.channel("cards", 70_000)).as("of any size").isEqualTo(70_000);
        assertThat(one.partition(70_000)).isEqualTo(70_000);
        assertThat(one.topic(70_000)).isEqualTo("cards");
        assertThat(one.name(3)).isEqualTo("3");
    }

    @Test
    void whatIsAddedBehindChangesNoNumber() {
        Channels three = new Channels(List.of("cards", "wallets", "vouchers"));

        assertThat(two.channel("cards", 5)).isEqualTo(5);
        assertThat(two.channel("wallets", 5)).isEqualTo(65_541);
        assertThat(three.channel("wallets", 5)).isEqualTo(65_541);
        assertThat(three.channel("vouchers", 0)).isEqualTo(131_072);
    }

    @Test
    void everyChannelIsOnePartitionOfOneTopic() {
        for (String topic : two.topics()) {
            for (int partition : new int[] {0, 1, 65_535}) {
                int channel = two.channel(topic, partition);
                assertThat(two.topic(channel)).isEqualTo(topic);
                assertThat(two.partition(channel)).isEqualTo(partition);
                assertThat(two.name(channel)).isEqualTo(topic + "-" + partition);
            }
        }
    }

    @Test
    void theLastOfAllTopicsHasChannelsToo() {
        Channels many = new Channels(
                IntStream.range(0, 32_768).mapToObj(Integer::toString).toList());

        int last = many.channel("32767", 65_535);
        assertThat(last).isEqualTo(Integer.MAX_VALUE);
        assertThat(many.topic(last)).isEqualTo("32767");
        assertThat(many.partition(last)).isEqualTo(65_535);
    }

    @Test
    void whatIsKnownByChannelIsToldByTopic() {
        assertThat(two.byTopic(Map.of(1, "a", 65_536, "b", 65_538, "c")))
                .isEqualTo(Map.of("cards", Map.of(1, "a"), "wallets", Map.of(0, "b", 2, "c")));
    }

    @Test
    void whatHasNoChannelIsRefused() {
        assertThatThrownBy(() -> two.channel("vouchers", 0)).hasMessageContaining("none of [cards, wallets]");
        assertThatThrownBy(() -> two.channel("cards", 65_536)).hasMessageContaining("at most 65536 partitions");
        assertThatThrownBy(() -> new Channels(List.of())).hasMessageContaining("1 to 32768 topics");
        assertThatThrownBy(() -> new Channels(List.of("a", "a"))).hasMessageContaining("each topic once");
    }
}
