package dev.tidewheel.workbench.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final int STORIES = 300;
    /** Ticks between two control ticks. */
    private static final int CONTROL = 3;

    /**
     * The promise of the lock-step, on random stories: at every question, all that was known at its tick has been
     * acknowledged, and nothing that was not known at its own time has been sent.
     */
    @Test
    void neverAsksTooEarlyAndNeverSendsTooEarly() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < STORIES; i++) {
            Story story = Story.random(random);
            Recorder recorder = new Recorder(story, -1);
            new Replay(story.schedule(), recorder, Position.START).run(Pace.UNLIMITED, () -> false);

            assertThat(recorder.askedOnce())
                    .as("seed %d, story %d: %s", seed, i, story)
                    .isTrue();
            assertThat(recorder.sent).as("seed %d, story %d", seed, i).isEqualTo(story.knownBy(story.end));
        }
    }

    @Test
    void isExactWhereAllTimesAreMultiplesOfTheTick() throws InterruptedException {
        Story story = new Story(new long[] {60, 120, 120, 180}, new long[] {60, 120, 180}, 60, 240);
        Recorder recorder = new Recorder(story, -1);

        new Replay(story.schedule(), recorder, Position.START).run(Pace.UNLIMITED, () -> false);

        assertThat(recorder.knownWhenAsked).containsExactly(1, 3, 4);
    }

    @Test
    void aReplayThatWasCutShortGoesOn() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < STORIES; i++) {
            Story story = Story.random(random);
            Recorder recorder = new Recorder(story, random.nextInt(20));
            try {
                new Replay(story.schedule(), recorder, Position.START).run(Pace.UNLIMITED, () -> false);
            } catch (Crash expected) {
                recorder.crashIn = -1;
            }
            new Replay(story.schedule(), recorder, recorder.remembered).run(Pace.UNLIMITED, () -> false);

            assertThat(recorder.askedAtLeastOnce())
                    .as("seed %d, story %d", seed, i)
                    .isTrue();
            assertThat(recorder.sent).as("seed %d, story %d", seed, i).isEqualTo(story.knownBy(story.end));
        }
    }

    @Test
    void catchingUpAsksNothing() throws InterruptedException {
        Story story = new Story(new long[] {1, 2, 3, 50}, new long[] {60}, 10, 100);
        Recorder recorder = new Recorder(story, -1);
        Replay replay = new Replay(story.schedule(), recorder, Position.START);

        replay.catchUp(10);

        assertThat(recorder.sent).isEqualTo(3);
        assertThat(recorder.knownWhenAsked).isEmpty();
        assertThat(replay.position()).isEqualTo(new Position(10, 1, 3, 0));
    }

    @Test
    void theControlPlaneSettlesAtItsTicksAndAtTheEndWhetherOrNotAnybodyAsks() throws InterruptedException {
        Story story = new Story(new long[0], new long[] {10, 25, 95}, 10, 125);
        Recorder recorder = new Recorder(story, -1);

        new Replay(story.schedule(), recorder, Position.START).run(Pace.UNLIMITED, () -> false);

        assertThat(recorder.settled).containsExactly(30L, 60L, 90L, 120L, 125L);
    }

    @Test
    void labelsOnlyWhatWasAsked() throws InterruptedException {
        // The first event becomes known in the very tick in which it would be asked about.
        Story story = new Story(new long[] {5, 15}, new long[] {5, 6}, 10, 30);
        Recorder recorder = new Recorder(story, -1);

        new Replay(story.schedule(), recorder, Position.START).run(Pace.UNLIMITED, () -> false);

        assertThat(recorder.labels).containsExactly("0..2 of 2 asked");
    }

    @Test
    void refusesTimesThatGoBack() {
        assertThatThrownBy(() -> new Schedule(new long[] {2, 1}, new long[0], 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("known goes back at 1");
    }

    private record Story(long[] known, long[] asked, long tick, long end) {
        static Story random(Random random) {
            long range = 1 + random.nextInt(400);
            return new Story(
                    times(random, range), times(random, range), 1 + random.nextInt(60), random.nextLong(range + 50));
        }

        private static long[] times(Random random, long range) {
            return random.longs(random.nextInt(60), 0, range).sorted().toArray();
        }

        Schedule schedule() {
            return new Schedule(known, asked, tick, end, CONTROL * tick);
        }

        /** Control ticks from one time to another one, both included. */
        List<Long> controlTicks(long from, long to) {
            return LongStream.rangeClosed(from, to)
                    .filter(time -> time % (CONTROL * tick) == 0)
                    .boxed()
                    .toList();
        }

        int knownBy(long time) {
            return (int) Arrays.stream(known).filter(at -> at <= time).count();
        }

        @Override
        public String toString() {
            return "known " + Arrays.toString(known) + " asked " + Arrays.toString(asked) + " tick " + tick + " end "
                    + end;
        }
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Checks the promise at every call. Like the real target, it never sends an event twice. */
    private static final class Recorder implements ReplayTarget {
        private final Story story;
        private final List<Integer> knownWhenAsked = new ArrayList<>();
        private final List<String> labels = new ArrayList<>();
        private final int[] times;
        private int crashIn;
        private int sent;
        private int acknowledged;
        private int labelled;
        private int labelsThere;
        private final Set<Long> settled = new TreeSet<>();
        private long now = Long.MIN_VALUE;
        private long first = Long.MAX_VALUE;
        private Position remembered = Position.START;

        Recorder(Story story, int crashIn) {
            this.story = story;
            this.crashIn = crashIn;
            this.times = new int[story.asked.length];
        }

        @Override
        public void send(int from, int to) {
            mayCrash();
            sent = Math.max(sent, to);
            mayCrash();
        }

        @Override
        public void awaitAcknowledged() {
            acknowledged = sent;
            labelsThere = labelled;
        }

        @Override
        public void tick(long time) {
            assertThat(time).isGreaterThanOrEqualTo(now);
            assertThat(labelsThere).as("labels known by now").isGreaterThanOrEqualTo(story.knownBy(time));
            now = time;
            mayCrash();
        }

        @Override
        public void settle(long time) {
            assertThat(time).as("the clock").isEqualTo(now);
            mayCrash();
            settled.add(time);
        }

        @Override
        public void ask(int from, int to) {
            first = Math.min(first, now);
            for (int question = from; question < to; question++) {
                long at = story.asked[question];
                assertThat(at).isBetween(now, now + story.tick - 1);
                assertThat(acknowledged)
                        .as("all that was known at the tick")
                        .isGreaterThanOrEqualTo(story.knownBy(now));
                assertThat(sent).as("nothing that was not known yet").isLessThanOrEqualTo(story.knownBy(at));
                times[question]++;
                knownWhenAsked.add(acknowledged);
            }
            assertThat(settled).as("control ticks before").containsAll(story.controlTicks(first, now));
            mayCrash();
        }

        @Override
        public void label(int from, int to, int asked) {
            labelled = Math.max(labelled, to);
            if (to > from && asked > 0) {
                labels.add(from + ".." + to + " of " + asked + " asked");
            }
        }

        @Override
        public void remember(Position position) {
            remembered = position;
        }

        boolean askedOnce() {
            return IntStream.range(0, times.length)
                    .allMatch(question -> times[question] == (story.asked[question] < story.end ? 1 : 0));
        }

        boolean askedAtLeastOnce() {
            return IntStream.range(0, times.length)
                    .allMatch(question -> (times[question] >= 1) == (story.asked[question] < story.end));
        }

        private void mayCrash() {
            if (crashIn >= 0 && crashIn-- == 0) {
                throw new Crash();
            }
        }
    }
}
