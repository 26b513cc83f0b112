package dev.tidewheel.runtime.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidewheel.records.ClockTick;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoryClockTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long T = 981_000_000_000L;

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @Test
    void followsItsWriterAndNeverGoesBack() throws Exception {
        try (StoryClock clock = StoryClock.follow(KAFKA.config())) {
            // The clock may start before its topic.
            assertThatIllegalStateException().isThrownBy(clock::now).withMessageContaining("has not begun");
            assertThat(clock.awaitAtLeast(T, Duration.ofMillis(1))).isFalse();
            assertThat(clock.health().ok()).isFalse();
            KAFKA.createOwnTopics();

            try (ClockWriter writer = ClockWriter.open(KAFKA.config(), "test", DEADLINE)) {
                assertThat(writer.now()).isEmpty();
                writer.advanceTo(T);
                writer.advanceTo(T + 60_000);
                writer.advanceTo(T + 60_000);
                assertThatIllegalArgumentException().isThrownBy(() -> writer.advanceTo(T));
            }
            assertThat(clock.awaitAtLeast(T + 60_000, DEADLINE)).isTrue();
            assertThat(clock.now()).isEqualTo(T + 60_000);
            awaitHealthy(clock);
            assertThat(clock.health().reason()).isEqualTo("following topic tidewheel.clock");

            // A second writer that knows no better.
            send(new ClockTick(T - 1, "zombie", 1L));
            try (ClockWriter writer = ClockWriter.open(KAFKA.config(), "test", DEADLINE)) {
                writer.advanceTo(T + 120_000);
            }
            assertThat(clock.awaitAtLeast(T + 120_000, DEADLINE)).isTrue();
        }
        try (StoryClock late = StoryClock.follow(KAFKA.config())) {
            assertThat(late.awaitAtLeast(T + 120_000, DEADLINE)).isTrue();
            assertThat(late.now()).isEqualTo(T + 120_000);
        }
    }

    /** The clock hands on a tick before it calls itself healthy. */
    private static void awaitHealthy(StoryClock clock) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!clock.health().ok() && System.nanoTime() < end) {
            clock.awaitAtLeast(Long.MAX_VALUE, Duration.ofMillis(10));
        }
    }

    private static void send(ClockTick tick) throws Exception {
        try (var producer = KafkaClients.producer(KAFKA.config(), DEADLINE, RecordSerde.of(ClockTick.class))) {
            producer.send(new ProducerRecord<>(Topics.CLOCK, tick)).get();
        }
    }
}
