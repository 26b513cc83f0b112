package dev.tidewheel.workbench.demo;

import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.runtime.clock.ClockWriter;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.config.OpsConfig;
import dev.tidewheel.runtime.kafka.KafkaClients;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.replay.Asker;
import dev.tidewheel.workbench.replay.ControlWait;
import dev.tidewheel.workbench.replay.EventSender;
import dev.tidewheel.workbench.replay.FrontierTracker;
import dev.tidewheel.workbench.replay.FrontierWait;
import dev.tidewheel.workbench.replay.Outbox;
import dev.tidewheel.workbench.replay.Pace;
import dev.tidewheel.workbench.replay.PlatformTarget;
import dev.tidewheel.workbench.replay.PlatformTarget.LabelName;
import dev.tidewheel.workbench.replay.ProgressFile;
import dev.tidewheel.workbench.replay.Replay;
import dev.tidewheel.workbench.replay.Schedule;
import dev.tidewheel.workbench.replay.SourceStory;
import dev.tidewheel.workbench.replay.Story;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.stack.Endpoints;
import dev.tidewheel.workbench.stack.OneMachine;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The replay with everything that it talks to. For one thread. */
final class LockStep implements AutoCloseable {
    private static final String WRITER = "replay";
    private static final Duration KAFKA_DEADLINE = Duration.ofSeconds(120);
    private static final Duration FRONTIER_DEADLINE = Duration.ofSeconds(180);
    private static final Duration CONTROL_DEADLINE = Duration.ofSeconds(240);
    private static final Duration QUESTION_DEADLINE = Duration.ofSeconds(120);

    private final DemoSettings settings;
    private final SourceStory story;
    private final Producer<String, byte[]> producer;
    private final FrontierWait frontiers;
    private final ClockWriter clock;
    private final ControlWait control;
    private final EventSender sender;
    private final Asker asker;
    private final PlatformTarget target;
    private final Replay replay;
    private final ReplayMetrics metrics;
    private double replaySeconds;
    private int questionsBefore;

    LockStep(
            DemoSettings settings, Script script, SourceStory story, DemoStack stack, Runnable alive, Path progressFile)
            throws InterruptedException, IOException {
        this.settings = settings;
        this.story = story;
        KafkaConfig kafka = stack.kafka();
        this.producer = KafkaClients.producer(kafka, KAFKA_DEADLINE, new ByteArraySerializer());
        Outbox outbox = new Outbox(producer);
        Runnable check = () -> {
            alive.run();
            outbox.check();
        };
        this.frontiers = new FrontierWait(
                KafkaClients.bytesConsumer(kafka, KAFKA_DEADLINE),
                Topics.FRONTIERS,
                new FrontierTracker(script.source().name(), script.stages()),
                FRONTIER_DEADLINE,
                check);
        this.clock = ClockWriter.open(kafka, WRITER, KAFKA_DEADLINE);
        this.control = new ControlWait(
                kafka, script.model().name(), OneMachine.LIFECYCLE_GROUP, producer, CONTROL_DEADLINE, check);
        this.sender = new EventSender(
                outbox,
                story,
                script.source().only().topic(),
                ends(kafka, script.source().only().topic()));
        URI endpoint = Endpoints.http(
                stack.machine().endpoints().sidecar(),
                "/v2/models/" + script.model().name() + "/infer");
        this.asker = new Asker(endpoint, settings.concurrency(), QUESTION_DEADLINE, check);
        ProgressFile progress = new ProgressFile(progressFile);
        LabelName label =
                new LabelName(script.model().name(), script.model().label().name());
        this.target = new PlatformTarget(story, label, sender, frontiers, asker, clock, control, outbox, progress);
        this.replay = new Replay(schedule(settings, story), target, progress.read());
        this.metrics = ReplayMetrics.serve(
                new OpsConfig(Endpoints.HOST, stack.machine().endpoints().workbenchOps()), replay, asker);
    }

    /** Sends what was known before the lock-step, if that was not done before. */
    void catchUp() throws InterruptedException {
        if (replay.position().now() < settings.from().toEpochMilli()) {
            replay.catchUp(settings.from().toEpochMilli());
        }
    }

    /** Sets the story's clock, once all that it begins with is registered. */
    void begin() {
        if (asked() == 0) {
            replay.begin();
        }
    }

    /** Plays until the end or until told to stop. */
    void play(BooleanSupplier stop, Terminal terminal) throws InterruptedException {
        long begin = System.nanoTime();
        questionsBefore = replay.position().questions();
        target.measureFreshness();
        Pace pace = settings.speed()
                .<Pace>map(speed -> new WallPace(replay.position().now(), speed))
                .orElse(Pace.UNLIMITED);
        if (questionsBefore == 0) {
            replay.settle();
        }
        try (LiveStatus status = new LiveStatus(terminal, replay, target, asker)) {
            replay.run(pace, stop);
        } finally {
            replaySeconds = (System.nanoTime() - begin) / 1e9;
        }
    }

    /** How many events are on the source's topic by now. */
    long sent() {
        return sender.sent().values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many questions have been asked, over all starts of the run. */
    int asked() {
        return replay.position().questions();
    }

    /** How many events were known before the lock-step. */
    long history() {
        long from = settings.from().toEpochMilli();
        return IntStream.range(0, story.events())
                .filter(event -> story.knownTime(event) <= from)
                .count();
    }

    Report.Story played() {
        return new Report.Story(
                settings.from(),
                settings.to(),
                Instant.ofEpochMilli(
                        Math.max(replay.position().now(), settings.from().toEpochMilli())),
                settings.tick().toSeconds(),
                settings.exact());
    }

    Report.Percentiles freshness() {
        return Measured.of(target.freshness());
    }

    /** How long the story stood still at control ticks. */
    Report.Percentiles settled() {
        return Measured.of(target.settled());
    }

    Report.Serving serving(long requests, long labels) {
        double perSecond = replaySeconds == 0 ? 0 : (replay.position().questions() - questionsBefore) / replaySeconds;
        return new Report.Serving(requests, asker.retried(), perSecond, Measured.of(asker.latency()), labels);
    }

    long statesWritten() {
        return frontiers.keysWritten();
    }

    @Override
    public void close() {
        metrics.close();
        asker.close();
        clock.close();
        control.close();
        frontiers.close();
        producer.close(Duration.ofSeconds(5));
    }

    private static Map<TopicPartition, Long> ends(KafkaConfig kafka, String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        new TopicScan(kafka, KAFKA_DEADLINE)
                .ends(topic)
                .forEach((partition, end) -> ends.put(new TopicPartition(topic, partition), end));
        return ends;
    }

    private static Schedule schedule(DemoSettings settings, Story story) {
        long[] asked =
                IntStream.range(0, story.questions()).mapToLong(story::askedAt).toArray();
        long[] known =
                IntStream.range(0, story.events()).mapToLong(story::knownTime).toArray();
        return new Schedule(
                known,
                asked,
                settings.tick().toMillis(),
                settings.to().toEpochMilli(),
                settings.controlTick().toMillis());
    }
}
