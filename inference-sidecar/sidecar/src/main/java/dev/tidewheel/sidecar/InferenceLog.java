package dev.tidewheel.sidecar;

import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes inferences to Kafka without ever being in the way: a record waits in a bounded queue until Kafka has it, and is
 * dropped and counted when there is no room or Kafka did not take it in time. {@code appended = logged + dropped} once
 * nothing waits. Appending is safe from any thread and never blocks; one thread of its own feeds the producer.
 */
final class InferenceLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceLog.class);

    private record Entry(Inference record, CompletableFuture<Boolean> logged) {}

    private final Producer<String, Inference> producer;
    private final SidecarMetrics metrics;
    private final Duration deadline;
    private final int capacity;
    /** Records that were appended and are neither logged nor dropped yet: in the queue or with the producer. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final BlockingQueue<Entry> queue;
    private final Thread feeder;
    private volatile boolean closing;

    @SuppressWarnings("this-escape") // The feeder's thread starts last.
    InferenceLog(Producer<String, Inference> producer, SidecarConfig.Log config, SidecarMetrics metrics) {
        this.producer = producer;
        this.metrics = metrics;
        this.deadline = config.deadline();
        this.capacity = config.queue();
        this.queue = new ArrayBlockingQueue<>(config.queue());
        this.feeder = new Thread(this::feed, "inference-log");
        feeder.start();
    }

    /**
     * Appends the records of a request.
     *
     * @return completes, never exceptionally, with whether Kafka has all of them
     */
    CompletableFuture<Boolean> append(List<Inference> records) {
        List<CompletableFuture<Boolean>> all =
                records.stream().map(this::append).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().allMatch(CompletableFuture::join));
    }

    private CompletableFuture<Boolean> append(Inference record) {
        metrics.admitted();
        CompletableFuture<Boolean> logged = new CompletableFuture<>();
        int before = waiting.getAndIncrement();
        if (!closing && before < capacity && queue.offer(new Entry(record, logged))) {
            metrics.logWaiting(before + 1);
        } else {
            waiting.decrementAndGet();
            metrics.dropped(closing ? "closing" : "queue_full");
            logged.complete(false);
        }
        return logged;
    }

    /** How many records wait. */
    int waiting() {
        return waiting.get();
    }

    private void feed() {
        try {
            while (!closing || !queue.isEmpty()) {
                Entry entry = queue.poll(100, TimeUnit.MILLISECONDS);
                if (entry != null) {
                    send(entry);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Entry entry) {
        ProducerRecord<String, Inference> record =
                new ProducerRecord<>(Topics.INFERENCES, entry.record().getRequestId(), entry.record());
        try {
            Objects.requireNonNull(producer.send(record, (metadata, failure) -> settle(entry, failure)));
        } catch (RuntimeException e) { // Serialisation, or a producer that was closed: this record alone is lost.
            settle(entry, e);
        }
    }

    private void settle(Entry entry, @org.jspecify.annotations.Nullable Exception failure) {
        metrics.logWaiting(waiting.decrementAndGet());
        if (failure == null) {
            metrics.logged();
        } else {
            metrics.dropped("kafka");
            LOG.warn(
                    "inference {} row {} was not logged",
                    entry.record().getRequestId(),
                    entry.record().getRow(),
                    failure);
        }
        entry.logged().complete(failure == null);
    }

    /** Takes nothing more and waits, up to the deadline, until Kafka has what waits. */
    @Override
    public void close() {
        closing = true;
        try {
            feeder.join(deadline.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(deadline);
    }
}
