package dev.tidewheel.workbench.replay;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends records without waiting for each, and does not forget one that failed to arrive. Thread-safe. */
public final class Outbox {
    private final Producer<String, byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /**
     * @param producer which tries again by itself until its deadline; the caller closes it
     */
    public Outbox(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** Sends a record; it may not have arrived when this returns. */
    @SuppressWarnings("FutureReturnValueIgnored") // The callback learns of failures.
    void send(ProducerRecord<String, byte[]> record) {
        producer.send(record, (metadata, error) -> {
            if (error != null) {
                failure.compareAndSet(null, error);
            }
        });
    }

    /**
     * Waits until all that was sent has arrived.
     *
     * @throws ReplayStuckException if something has not
     */
    void flush() {
        producer.flush();
        check();
    }

    /**
     * @throws ReplayStuckException if a record did not arrive
     */
    public void check() {
        Exception error = failure.get();
        if (error != null) {
            throw new ReplayStuckException("a record did not arrive in Kafka: " + error, error);
        }
    }
}
