package dev.tidewheel.workbench.replay;

import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.clock.ClockWriter;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.replay.Story.Question;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Acts upon the real platform: topics, frontiers, the sidecar and the control plane. For one
 * thread. */
public final class PlatformTarget implements ReplayTarget {
    private static final int DIGITS = 3;

    private final Story story;
    private final LabelName label;
    private final EventSender events;
    private final FrontierWait frontiers;
    private final Asker asker;
    private final ClockWriter clock;
    private final ControlWait control;
    private final Outbox outbox;
    private final ProgressFile progress;
    private final RecordSerde<Label> labels = RecordSerde.of(Label.class);
    private final Histogram freshness = new ConcurrentHistogram(DIGITS);
    private final Histogram settled = new ConcurrentHistogram(DIGITS);

    private long labelsSent;
    private boolean measuring;
    private long sentAt;
    private boolean underway;

    /**
     * What labels are called.
     *
     * @param model the model whose rows they are about
     * @param name the label's name in its definition
     */
    public record LabelName(String model, String name) {}

    public PlatformTarget(
            Story story,
            LabelName label,
            EventSender events,
            FrontierWait frontiers,
            Asker asker,
            ClockWriter clock,
            ControlWait control,
            Outbox outbox,
            ProgressFile progress) {
        this.story = story;
        this.label = label;
        this.events = events;
        this.frontiers = frontiers;
        this.asker = asker;
        this.clock = clock;
        this.control = control;
        this.outbox = outbox;
        this.progress = progress;
    }

    /** From now on, freshness is measured: history in bulk says nothing about it. */
    public void measureFreshness() {
        measuring = true;
    }

    @Override
    public void send(int from, int to) {
        sentAt = System.nanoTime();
        underway = to > from;
        events.sendUpTo(to);
    }

    @Override
    public void awaitAcknowledged() {
        frontiers.await(events.sent());
        if (measuring && underway) {
            freshness.recordValue(System.nanoTime() - sentAt);
        }
        underway = false;
        outbox.flush();
    }

    @Override
    public void label(int from, int to, int asked) {
        for (int event = from; event < to; event++) {
            story.answer(event).filter(answer -> answer.question() < asked).ifPresent(this::send);
        }
    }

    @Override
    public void tick(long now) {
        clock.advanceTo(now);
    }

    @Override
    public void settle(long now) throws InterruptedException {
        long begin = System.nanoTime();
        control.await(now);
        settled.recordValue(System.nanoTime() - begin);
    }

    @Override
    public void ask(int from, int to) throws InterruptedException {
        List<Question> questions =
                IntStream.range(from, to).mapToObj(story::question).toList();
        asker.ask(questions);
    }

    @Override
    public void remember(Position position) {
        outbox.check();
        progress.write(position);
    }

    /** From sending a step's events to their acknowledgement by every stage, nanoseconds. */
    public Histogram freshness() {
        return freshness;
    }

    /** How long the story stood still at each control tick, nanoseconds. */
    public Histogram settled() {
        return settled;
    }

    public long labelsSent() {
        return labelsSent;
    }

    private void send(Story.Answer answer) {
        Label record =
                new Label(answer.requestId(), 0, label.model(), label.name(), answer.value(), answer.knownTime());
        outbox.send(new ProducerRecord<>(Topics.LABELS, answer.requestId(), labels.encode(record)));
        labelsSent++;
    }
}
