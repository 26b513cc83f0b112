package dev.tidewheel.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.TopicFollower.Start;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TopicFollowerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @Test
    void startsAtTheBeginningOrAtTheLast() throws Exception {
        KAFKA.createTopic("start", 2);
        send("start", 0, "a", "b");
        send("start", 1, "c");
        try (TopicFollower follower = follow("start", Start.BEGINNING)) {
            follower.awaitCaughtUp(DEADLINE);
            assertThat(seen).containsExactlyInAnyOrder("a", "b", "c");
        }
        seen.clear();
        try (TopicFollower follower = follow("start", Start.LAST)) {
            follower.awaitCaughtUp(DEADLINE);
            assertThat(seen).containsExactlyInAnyOrder("b", "c");
        }
    }

    @Test
    void goesOnAfterTheBrokerWasAway() throws Exception {
        KAFKA.createTopic("away", 1);
        send("away", 0, "before");
        try (TopicFollower follower = follow("away", Start.BEGINNING)) {
            follower.awaitCaughtUp(DEADLINE);
            KAFKA.stop();
            KAFKA.start();
            send("away", 0, "after");
            assertThat(List.of(next(), next())).containsExactly("before", "after");
            awaitHealthy(follower);
            assertThat(follower.health().reason()).isEqualTo("following topic away");
        }
    }

    @Test
    void saysHowLongKafkaIsSilent() throws Exception {
        KAFKA.createTopic("silent", 1);
        try (TopicFollower follower = follow("silent", Start.BEGINNING)) {
            follower.awaitCaughtUp(DEADLINE);
            awaitSilence(follower, silence -> silence.compareTo(Duration.ofSeconds(2)) < 0);
            KAFKA.stop();
            try {
                // Without a broker nothing ends the silence, and the follower itself notices nothing.
                awaitSilence(follower, silence -> silence.compareTo(Duration.ofSeconds(4)) > 0);
            } finally {
                KAFKA.start();
            }
            awaitSilence(follower, silence -> silence.compareTo(Duration.ofSeconds(2)) < 0);
        }
    }

    private void awaitSilence(TopicFollower follower, Predicate<Duration> reached) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        Duration last = follower.silence();
        while (!reached.test(last)) {
            assertThat(System.nanoTime()).as("silent for %s", last).isLessThan(end);
            assertThat(seen.poll(10, TimeUnit.MILLISECONDS)).isNull();
            last = follower.silence();
        }
    }

    @Test
    void goesOnAfterAHandlerFailed() throws Exception {
        KAFKA.createTopic("failing", 1);
        send("failing", 0, "bad", "good");
        try (TopicFollower follower = TopicFollower.start(KAFKA.config(), "failing", Start.BEGINNING, record -> {
            if (text(record).equals("bad")) {
                throw new IllegalStateException("on purpose");
            }
            seen.add(text(record));
        })) {
            follower.awaitCaughtUp(DEADLINE);
            assertThat(seen).containsExactly("good");
        }
    }

    @Test
    void tellsItsHandlerWhenAllIsReadBeforeItTellsOthers() throws Exception {
        KAFKA.createTopic("past", 2);
        send("past", 0, "a", "b");
        send("past", 1, "c");
        List<Integer> reads = new CopyOnWriteArrayList<>();
        TopicFollower.Handler handler = new TopicFollower.Handler() {
            @Override
            public void handle(ConsumerRecord<byte[], byte[]> record) {
                seen.add(text(record));
            }

            @Override
            public void caughtUp() {
                reads.add(seen.size());
                throw new IllegalStateException("on purpose");
            }
        };
        try (TopicFollower follower = TopicFollower.start(KAFKA.config(), "past", Start.BEGINNING, handler)) {
            follower.awaitCaughtUp(DEADLINE);
            assertThat(reads).isNotEmpty().containsOnly(3);
            assertThat(follower.health().ok()).isTrue();
        }
    }

    @Test
    void saysWhatItWaitsFor() {
        try (TopicFollower follower = follow("missing", Start.BEGINNING)) {
            assertThatThrownBy(() -> follower.awaitCaughtUp(Duration.ofSeconds(1)))
                    .isInstanceOf(KafkaUnavailableException.class)
                    .hasMessageContaining("topic missing")
                    .hasMessageContaining("does not exist");
            assertThat(follower.health().ok()).isFalse();
        }
    }

    @Test
    void closesWhileNobodyAnswers() {
        TopicFollower follower =
                TopicFollower.start(new KafkaConfig("127.0.0.1:1"), "any", Start.BEGINNING, record -> {});
        follower.close();
        assertThat(follower.health().reason()).contains("no longer followed");
    }

    /** A record is handled before the follower calls itself healthy. */
    private void awaitHealthy(TopicFollower follower) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!follower.health().ok() && System.nanoTime() < end) {
            assertThat(seen.poll(10, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    private TopicFollower follow(String topic, Start start) {
        return TopicFollower.start(KAFKA.config(), topic, start, record -> seen.add(text(record)));
    }

    private String next() throws InterruptedException {
        return seen.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private static void send(String topic, int partition, String... values) throws Exception {
        try (var producer = KafkaClients.producer(KAFKA.config(), DEADLINE, new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, partition, null, value))
                        .get();
            }
        }
    }
}
