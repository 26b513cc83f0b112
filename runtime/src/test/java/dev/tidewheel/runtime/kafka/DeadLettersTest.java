package dev.tidewheel.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.TopicFollower.Start;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadLettersTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @Test
    void deliversTheRecordAsItCame() throws Exception {
        KAFKA.createOwnTopics();
        DeadLetter letter =
                DeadLetters.letter(record(new byte[] {1, 2}), "decode", DeadLetterReason.UNDECODABLE, "not Avro");
        try (DeadLetters letters = new DeadLetters(KAFKA.config(), DEADLINE)) {
            letters.send(letter);
            letters.flush();
        }
        BlockingQueue<DeadLetter> seen = new LinkedBlockingQueue<>();
        RecordSerde<DeadLetter> serde = RecordSerde.of(DeadLetter.class);
        try (TopicFollower follower =
                TopicFollower.start(KAFKA.config(), Topics.DEAD_LETTERS, Start.BEGINNING, record -> {
                    assertThat(new String(record.key(), java.nio.charset.StandardCharsets.UTF_8))
                            .isEqualTo("flights/3/42/decode/");
                    seen.add(serde.decode(record.value()));
                })) {
            follower.awaitCaughtUp(DEADLINE);
        }
        assertThat(seen).containsExactly(letter);
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    @Test
    void leavesOutWhatNoTopicCouldTake() {
        DeadLetter letter = DeadLetters.letter(
                record(new byte[1_000_000]), "decode", DeadLetterReason.UNDECODABLE, "x".repeat(100_000));
        assertThat(letter.getValue()).isNull();
        assertThat(RecordSerde.of(DeadLetter.class).encode(letter)).hasSizeLessThan(10_000);
    }

    @Test
    void flushTellsThatALetterWasLost() {
        try (DeadLetters letters = new DeadLetters(new KafkaConfig("127.0.0.1:1"), Duration.ofMillis(300))) {
            letters.send(DeadLetters.letter(record(new byte[1]), "decode", DeadLetterReason.OTHER, ""));
            assertThatThrownBy(letters::flush).isInstanceOf(KafkaUnavailableException.class);
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
        return new ConsumerRecord<>("flights", 3, 42L, null, value);
    }
}
