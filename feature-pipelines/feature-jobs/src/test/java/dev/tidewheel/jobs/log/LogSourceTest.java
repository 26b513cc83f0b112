package dev.tidewheel.jobs.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which imports a source reads that goes on. */
class LogSourceTest {
    private static final TopicPartition IN_KAFKA = new TopicPartition("flights", 0);
    private static final TopicPartition FIRST = new TopicPartition("flights", Channels.importPartition(0));
    private static final TopicPartition SECOND = new TopicPartition("flights", Channels.importPartition(1));

    @Test
    void aStateOfBeforeAnythingWasGivenOutIsAsIfTheSourceBegan() {
        KafkaSourceEnumState state = new KafkaSourceEnumState(List.of(), List.of(), false);

        assertThat(LogSource.imports(state, new Imports())).containsExactlyInAnyOrder(FIRST, SECOND);
    }

    @Test
    void whatWasImportedSinceIsNotRead() {
        KafkaSourceEnumState state = new KafkaSourceEnumState(
                List.of(new KafkaPartitionSplit(IN_KAFKA, 5)), List.of(new KafkaPartitionSplit(FIRST, 0)), true);

        assertThat(LogSource.imports(state, new Imports())).containsExactly(FIRST);
        assertThat(LogSource.imports(new KafkaSourceEnumState(List.of(), List.of(), true), new Imports()))
                .isEmpty();
    }

    /** A table with two. */
    private record Imports() implements KeptLog {
        @Override
        public Map<TopicPartition, Long> begins() {
            return Map.of(FIRST, 0L, SECOND, 0L);
        }

        @Override
        public Map<TopicPartition, Long> imports() {
            return Map.of(FIRST, 10L, SECOND, 10L);
        }

        @Override
        public Reading read(TopicPartition partition, long from) {
            throw new UnsupportedOperationException("nobody reads");
        }
    }
}
