package dev.tidewheel.workbench.dead;

import dev.tidewheel.definitions.SourceInput;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterAction;
import dev.tidewheel.records.DeadLetterMark;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.TopicCreator;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends records of letters again, or lays letters aside. A letter is marked only after its record has been confirmed, so
 * a crash between the two sends it twice and loses nothing. For one thread.
 */
public final class LetterWork implements AutoCloseable {
    private static final int BATCH = 500;

    private final Letters letters;
    private final OriginalRecords originals;
    private final Map<String, SourceInput> sources;
    private final Takers takers;
    private final Producer<String, DeadLetterMark> marks;
    private final Producer<byte[], byte[]> records;
    private final Duration deadline;
    private final Pace pace;

    /**
     * What came of it.
     *
     * @param records that were sent again
     * @param marked letters that are handled now
     * @param refused letters that stay open, by the reason
     * @param notes how often to expect what, for those that were sent
     */
    public record Outcome(long records, long marked, Map<String, Long> refused, Map<String, Long> notes) {}

    /** Keeps to so many records per second. */
    private record Pace(long perSecond, long begin) {
        void after(long done) throws InterruptedException {
            long early = begin + TimeUnit.SECONDS.toNanos(done) / perSecond - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
        }
    }

    /**
     * @param sources by topic
     * @param takers of their jobs
     * @param perSecond at most so many records are sent
     * @param deadline for each answer of Kafka
     */
    public LetterWork(
            KafkaConfig kafka,
            Letters letters,
            OriginalRecords originals,
            Map<String, SourceInput> sources,
            Takers takers,
            long perSecond,
            Duration deadline) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("at least one record per second, got " + perSecond);
        }
        this.letters = letters;
        this.originals = originals;
        this.sources = Map.copyOf(sources);
        this.takers = takers;
        this.deadline = deadline;
        this.pace = new Pace(perSecond, System.nanoTime());
        // A platform that is older than the marks does not have their topic yet.
        new TopicCreator(kafka, deadline)
                .ensure(Topics.all().stream()
                        .filter(topic -> topic.name().equals(Topics.DEAD_LETTER_MARKS))
                        .toList());
        this.marks = KafkaClients.producer(kafka, deadline, RecordSerde.of(DeadLetterMark.class));
        this.records = KafkaClients.bytesProducer(kafka, deadline);
    }

    /** What is under way: letters of one record share it. Null for one that was confirmed with an earlier batch. */
    private record Sent(DeadLetter letter, @Nullable Future<RecordMetadata> record) {}

    /**
     * Sends the records of the letters that are meant once more to their topics, each once, and marks all of the letters.
     *
     * @param asNew see {@link ReplayDecision}
     * @param why remembered with the marks
     * @param now wall time, epoch milliseconds
     * @param progress is told how many records were sent
     */
    public Outcome replay(LetterFilter filter, boolean asNew, String why, long now, LongConsumer progress)
            throws InterruptedException {
        Map<String, Long> refused = new TreeMap<>();
        Map<String, Long> notes = new TreeMap<>();
        Map<String, Future<RecordMetadata>> recent = new HashMap<>();
        Fingerprints positions = new Fingerprints();
        Fingerprints missing = new Fingerprints();
        List<Sent> batch = new ArrayList<>();
        long[] done = {0, 0};
        // Others than those that are meant may have refused the same records.
        letters.visit(filter.aboutTheSame(), (letter, writtenAt) -> takers.refused(letter));
        letters.visit(filter, (letter, writtenAt) -> {
            String position = Letters.position(letter);
            Optional<String> problem = problem(letter, asNew, notes);
            if (problem.isPresent()) {
                refused.merge(problem.get(), 1L, Long::sum);
                return;
            }
            @Nullable Future<RecordMetadata> sent = recent.get(position);
            if (sent == null && !positions.contains(position)) {
                Optional<OriginalRecords.Original> original =
                        missing.contains(position) ? Optional.empty() : originals.find(letter);
                if (original.isEmpty()) {
                    missing.add(position);
                    refused.merge(
                            "the topic has deleted the record, and neither the raw table nor the letter has it whole",
                            1L,
                            Long::sum);
                    return;
                }
                positions.add(position);
                sent = send(letter, original.get());
                recent.put(position, sent);
                done[0]++;
                pace.after(done[0]);
            }
            batch.add(new Sent(letter, sent));
            if (batch.size() >= BATCH) {
                done[1] += mark(batch, why, now);
                recent.clear();
                progress.accept(done[0]);
            }
        });
        done[1] += mark(batch, why, now);
        progress.accept(done[0]);
        return new Outcome(done[0], done[1], refused, notes);
    }

    private Optional<String> problem(DeadLetter letter, boolean asNew, Map<String, Long> notes) {
        @Nullable SourceInput source = sources.get(letter.getTopic());
        if (source == null) {
            return Optional.of(
                    "topic " + letter.getTopic() + " is no source's: whoever writes it has to send it again");
        }
        ReplayDecision decision = ReplayDecision.of(letter, source, asNew, takers.counted(letter));
        if (decision instanceof ReplayDecision.Refuse refuse) {
            return Optional.of(letter.getReason() + ": " + refuse.reason());
        }
        String note = ((ReplayDecision.Send) decision).note();
        if (!note.isEmpty()) {
            notes.merge(letter.getReason() + ": " + note, 1L, Long::sum);
        }
        return Optional.empty();
    }

    /** To the partition of its key, with its own timestamp where the topic leaves it that. */
    private Future<RecordMetadata> send(DeadLetter letter, OriginalRecords.Original original) {
        Long timestamp = letter.getTimestamp() < 0 ? null : letter.getTimestamp();
        // Without a key, back to where it was, so that an order that somebody relies on is kept.
        Integer partition = original.key() == null ? letter.getPartition() : null;
        return records.send(new ProducerRecord<>(
                letter.getTopic(), partition, timestamp, original.key(), original.value(), original.headers()));
    }

    private long mark(List<Sent> batch, String why, long now) throws InterruptedException {
        List<DeadLetterMark> confirmed = new ArrayList<>();
        for (Sent sent : batch) {
            DeadLetterMark.Builder mark = mark(sent.letter(), DeadLetterAction.REPLAYED, why, now);
            if (sent.record() != null) {
                RecordMetadata where = await(sent.record());
                mark.setNewPartition(where.partition()).setNewOffset(where.offset());
            }
            confirmed.add(mark.build());
        }
        batch.clear();
        return publish(confirmed);
    }

    /** Marks the letters that are meant as handled, without doing anything with their records. */
    public Outcome drop(LetterFilter filter, String why, long now, LongConsumer progress) throws InterruptedException {
        List<DeadLetterMark> batch = new ArrayList<>();
        long[] marked = {0};
        letters.visit(filter, (letter, writtenAt) -> {
            batch.add(mark(letter, DeadLetterAction.DROPPED, why, now).build());
            if (batch.size() >= BATCH) {
                marked[0] += publish(batch);
                batch.clear();
                progress.accept(marked[0]);
            }
        });
        marked[0] += publish(batch);
        progress.accept(marked[0]);
        return new Outcome(0, marked[0], Map.of(), Map.of());
    }

    private static DeadLetterMark.Builder mark(DeadLetter letter, DeadLetterAction action, String why, long now) {
        return DeadLetterMark.newBuilder()
                .setTopic(letter.getTopic())
                .setPartition(letter.getPartition())
                .setOffset(letter.getOffset())
                .setStage(letter.getStage())
                .setView(letter.getView())
                .setAction(action)
                .setMarkedAt(now)
                .setWhy(why);
    }

    private long publish(List<DeadLetterMark> batch) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (DeadLetterMark mark : batch) {
            sent.add(marks.send(new ProducerRecord<>(Topics.DEAD_LETTER_MARKS, Letters.identity(mark), mark)));
        }
        for (Future<RecordMetadata> each : sent) {
            await(each);
        }
        return sent.size();
    }

    private RecordMetadata await(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return sent.get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaUnavailableException(
                    "a record was not delivered; what is not marked may be sent again", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException(
                    "a record was not confirmed in time; what is not marked may be sent again", e);
        }
    }

    @Override
    public void close() {
        records.close(deadline);
        marks.close(deadline);
        originals.close();
    }
}
