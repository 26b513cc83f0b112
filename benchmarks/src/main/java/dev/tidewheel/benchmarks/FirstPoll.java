package dev.tidewheel.benchmarks;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * When the first record was read: measurements begin there, the same for every job, so that starting one does not count.
 * Kafka makes the instances; what they see is kept in one place, because one job runs at a time.
 */
public final class FirstPoll implements ConsumerInterceptor<Object, Object>, ProducerInterceptor<Object, Object> {
    private static final AtomicLong NANOS = new AtomicLong();

    /** Forgets the last job's. */
    static void reset() {
        NANOS.set(0);
    }

    /** {@link System#nanoTime()} then; 0 before. */
    static long nanos() {
        return NANOS.get();
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        if (NANOS.get() == 0 && !records.isEmpty()) {
            NANOS.compareAndSet(0, System.nanoTime());
        }
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // Offsets are not what is measured.
    }

    /** Producers of a job share its Kafka properties, so this is asked of them too. */
    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception failure) {
        // The job sees to its failures.
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // Nothing to configure.
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
