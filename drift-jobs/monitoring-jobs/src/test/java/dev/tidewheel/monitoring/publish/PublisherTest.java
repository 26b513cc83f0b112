package dev.tidewheel.monitoring.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final long T1 = 1_000;
    private static final long T2 = 2_000;
    /** Static, because the connector travels as Flink's operators do: serialised. */
    private static final List<String> SENT = new ArrayList<>();

    @BeforeEach
    void forget() {
        SENT.clear();
    }

    @Test
    void aFrontierWaitsForTheResultsThatItSpeaksOf() throws Exception {
        try (OneInputStreamOperatorTestHarness<Outgoing, Outgoing> harness =
                new OneInputStreamOperatorTestHarness<>(new Publisher(Recording::new))) {
            harness.open();
            // Frontiers come by a shorter way: after a restore, two of them before the first results.
            harness.processElement(new StreamRecord<>(Outgoing.frontier(T1, new long[0])));
            harness.processElement(new StreamRecord<>(Outgoing.frontier(T2, new long[0])));
            harness.processElement(new StreamRecord<>(alert(T1)));
            harness.processWatermark(new Watermark(T1));
            assertThat(SENT).containsExactly("tidewheel.alerts " + T1, "flush", "tidewheel.frontiers", "flush");

            SENT.clear();
            harness.processElement(new StreamRecord<>(alert(T2)));
            harness.processWatermark(new Watermark(T2));
            assertThat(SENT).containsExactly("tidewheel.alerts " + T2, "flush", "tidewheel.frontiers", "flush");
        }
    }

    private static Outgoing alert(long windowEnd) {
        return Outgoing.record(Outgoing.Kind.ALERT, windowEnd, Long.toString(windowEnd), 0, new byte[] {1});
    }

    /** Notes what is sent. */
    private static final class Recording implements PublishConnector.Connection {
        @Override
        public void send(String topic, String key, byte[] value) {
            SENT.add(topic.equals("tidewheel.frontiers") ? topic : topic + " " + key);
        }

        @Override
        public void flush() {
            SENT.add("flush");
        }

        @Override
        public void close() {}
    }
}
