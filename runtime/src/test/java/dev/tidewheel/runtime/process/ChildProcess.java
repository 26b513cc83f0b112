package dev.tidewheel.runtime.process;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.runtime.kafka.DeadLetters;
import dev.tidewheel.runtime.kafka.RecordSerde;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A small process of its own, for {@link ChildProcessTest}. */
final class ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

    private ChildProcess() {}

    public static void main(String[] args) throws InterruptedException {
        GracefulStop stop = GracefulStop.onSignal("child", Duration.ofSeconds(10));
        stop.closing("producer", () -> System.out.println("closed producer"));
        stop.closing("http", () -> System.out.println("closed http"));
        MDC.put("requestId", "r-1");
        LOG.warn("one \"line\"\nonly", new IllegalStateException("on purpose"));
        System.out.println("read " + readARecord());
        stop.awaitStop();
    }

    /** Avro loads the class of the record and of the enum in it, which it refuses for packages that nobody trusts. */
    private static DeadLetterReason readARecord() {
        RecordSerde<DeadLetter> serde = RecordSerde.of(DeadLetter.class);
        DeadLetter letter = DeadLetters.letter(
                new ConsumerRecord<>("flights", 0, 1L, null, null), "decode", DeadLetterReason.LATE, "");
        return serde.decode(serde.encode(letter)).getReason();
    }
}
