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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes inferences to Kafka without ever being in the way: a record waits in a bounded queue until Kafka has it, and is
 * dropped and counted when there is no room or Kafka did not take it in time. {@code appended = logged + dropped} once
 * nothing waits. Appending is safe from any thread and never blocks; one thread of its own feeds the producer.
 */
final class InferenceLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceLog.class);

    private record Entry(Inference record, CompletableFuture<Boolean> logged) {
        String arm() {
            return record.getArm();
        }
    }

    private final Producer<String, Inference> producer;
    private final SidecarMetrics metrics;
    private final Duration closeDeadline;
    private final int capacity;
    /** Records that were appended and are neither logged nor dropped yet: in the queue or with the producer. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** So that an outage is told once and not once per record. */
    private final AtomicBoolean refusing = new AtomicBoolean();

    private final BlockingQueue<Entry> queue;
    private final Thread feeder;
    private volatile boolean closing;

    @SuppressWarnings("this-escape") // The feeder's thread starts last.
    InferenceLog(Producer<String, Inference> producer, SidecarConfig.Log config, SidecarMetrics metrics) {
        this.producer = producer;
        this.metrics = metrics;
        this.closeDeadline = config.closeDeadline();
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
        metrics.admitted(record.getArm());
        CompletableFuture<Boolean> logged = new CompletableFuture<>();
        int before = waiting.getAndIncrement();
        Entry entry = new Entry(record, logged);
        if (closing || before >= capacity || !queue.offer(entry)) {
            dropped(entry, closing ? "closing" : "queue_full");
        } else if (closing && queue.remove(entry)) {
            dropped(entry, "closing"); // Came after the last look into the queue.
        } else {
            metrics.logWaiting(before + 1);
        }
        return logged;
    }

    private void dropped(Entry entry, String reason) {
        metrics.logWaiting(waiting.decrementAndGet());
        metrics.dropped(entry.arm(), reason);
        entry.logged().complete(false);
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

    private void settle(Entry entry, @Nullable Exception failure) {
        if (failure == null) {
            metrics.logWaiting(waiting.decrementAndGet());
            metrics.logged(entry.arm());
            entry.logged().complete(true);
            if (refusing.compareAndSet(true, false)) {
                LOG.info("Kafka takes inferences again");
            }
        } else {
            dropped(entry, "kafka");
            if (refusing.compareAndSet(false, true)) {
                LOG.warn("Kafka takes no inferences; they are dropped and counted until it does again", failure);
            }
        }
    }

    /** Takes nothing more, and waits up to the deadline until Kafka has what waits; the rest counts as dropped. */
    @Override
    public void close() {
        closing = true;
        try {
            feeder.join(closeDeadline.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // What the feeder could not send is given up first, so that it does not wait behind a producer that is closing.
        feeder.interrupt();
        for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
            dropped(entry, "closing");
        }
        producer.close(closeDeadline);
    }
}
