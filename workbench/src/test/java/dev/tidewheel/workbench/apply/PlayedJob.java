package dev.tidewheel.workbench.apply;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.records.FrontierPhase;
import dev.tidewheel.records.PartitionFrontier;
import dev.tidewheel.records.ViewLineage;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Says what a feature job of one subtask and one partition would say. */
public final class PlayedJob {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private final KafkaConfig kafka;
    private final String source;
    private long attempt = 1;
    private long registry;
    private long flush;

    public PlayedJob(KafkaConfig kafka, String source) {
        this.kafka = kafka;
        this.source = source;
    }

    /** The next frontiers are those of tasks that were started again after a failure. */
    public void fail() {
        attempt++;
    }

    /** The next frontiers are those of a job that was built from the registry before an offset. */
    public void restart(long position) {
        attempt++;
        registry = position;
    }

    /** A stage contains all records before an offset. */
    public void acknowledge(String stage, long nextOffset, String... views) {
        acknowledge(stage, source, nextOffset, views);
    }

    /** The same of a topic that is not called as its source. */
    public void acknowledge(String stage, String topic, long nextOffset, String... views) {
        flush++;
        Frontier frontier = Frontier.newBuilder(frontier(source, stage, attempt, registry, flush, nextOffset, views))
                .setPartitions(List.of(new PartitionFrontier(topic, 0, nextOffset)))
                .build();
        try (Producer<String, Frontier> producer =
                KafkaClients.producer(kafka, DEADLINE, RecordSerde.of(Frontier.class))) {
            producer.send(new ProducerRecord<>(Topics.FRONTIERS, source + "/" + stage + "/0", frontier))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the frontier was not sent", e.getCause());
        }
    }

    /**
     * What the only subtask of a stage says.
     *
     * @param registry what its job was built from
     */
    static Frontier frontier(
            String source, String stage, long attempt, long registry, long flush, long nextOffset, String... views) {
        return Frontier.newBuilder()
                .setJob(source)
                .setStage(stage)
                .setViews(Arrays.stream(views).map(PlayedJob::view).toList())
                .setAttempt(attempt)
                .setSubtask(0)
                .setParallelism(1)
                .setFirstKeyGroup(0)
                .setLastKeyGroup(127)
                .setFlush(flush)
                .setPhase(FrontierPhase.ACKNOWLEDGED)
                .setPartitions(List.of(new PartitionFrontier(source, 0, nextOffset)))
                .setKeysWritten(0)
                .setRegistry(registry)
                .build();
    }

    private static ViewLineage view(String id) {
        int at = id.indexOf('@');
        return new ViewLineage(id.substring(0, at), Long.parseLong(id.substring(at + 1)));
    }
}
