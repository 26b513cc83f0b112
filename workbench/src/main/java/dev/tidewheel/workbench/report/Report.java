package dev.tidewheel.workbench.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has shown. Everything in it was measured on this run.
 *
 * @param run the run's name
 * @param outcome how the run ended
 * @param story which part of the story was played
 * @param phases how long each part of the run took
 * @param events what went in
 * @param serving what was asked and how it was answered
 * @param books sums that must be equal
 * @param parity whether served values equal recomputed ones; empty if the run ended before
 * @param models how good the models were; empty if the run ended before
 * @param control what monitoring and lifecycle did; empty if the run ended before
 * @param days the story day by day
 * @param restarts how often a process died and was brought back, by its name
 * @param machine what it ran on
 */
public record Report(
        String run,
        Outcome outcome,
        Story story,
        List<Phase> phases,
        Events events,
        Serving serving,
        List<BookEntry> books,
        Optional<Parity> parity,
        Optional<Models> models,
        Optional<ControlReport> control,
        List<Day> days,
        Map<String, Integer> restarts,
        Machine machine) {
    public Report {
        phases = List.copyOf(phases);
        books = List.copyOf(books);
        days = List.copyOf(days);
        restarts = Map.copyOf(restarts);
    }

    /** How a run ended. */
    public enum Outcome {
        /** The story was played to its end. */
        COMPLETE,
        /** Somebody stopped it; the report tells of the part before. */
        INTERRUPTED
    }

    /**
     * Which part of the story was played.
     *
     * @param from the first moment of the lock-step
     * @param to its planned end
     * @param reached how far it came
     * @param tickSeconds length of a tick
     * @param exact whether every question was answered with everything known at its own moment
     */
    public record Story(Instant from, Instant to, Instant reached, long tickSeconds, boolean exact) {}

    /**
     * A part of the run.
     *
     * @param seconds of wall time
     */
    public record Phase(String name, double seconds) {}

    /**
     * What went in, and what became of it.
     *
     * @param sent records on the source's topic
     * @param history of which before the lock-step
     * @param featuresWritten states written to the online store
     * @param perSecond records per second while history went through in bulk
     * @param freshness from sending an event to its acknowledgement by every stage, during the lock-step
     */
    public record Events(long sent, long history, long featuresWritten, double perSecond, Percentiles freshness) {}

    /**
     * What was asked.
     *
     * @param requests answered with a prediction
     * @param retried of which had to be asked again, because something was down
     * @param perSecond requests per second of the lock-step, waiting for features included
     * @param latency from question to answer, as the caller saw it
     * @param labels sent
     */
    public record Serving(long requests, long retried, double perSecond, Percentiles latency, long labels) {}

    /**
     * A distribution of durations, in milliseconds.
     *
     * @param count how many were measured; everything else is 0 if none was
     */
    public record Percentiles(long count, double p50, double p90, double p99, double p999, double max) {
        /** Of nothing. */
        public static final Percentiles NONE = new Percentiles(0, 0, 0, 0, 0, 0);
    }

    /**
     * Two sums that must be equal.
     *
     * @param rule what must equal what
     */
    public record BookEntry(String rule, long left, long right) {
        public boolean balanced() {
            return left == right;
        }
    }

    /**
     * Served values compared with what the naive oracle makes of the raw events in their cut.
     *
     * @param vectors compared
     * @param values compared
     * @param unexplained values that differ: must be 0
     * @param pending vectors whose raw events were not committed: must be 0 at the end of a run
     * @param unserved rows that were asked for and never got a vector: must be 0, since who is refused asks again
     * @param absent reads for which the store knew no such key and could not have known it
     * @param freed reads that lack changes which are dead letters, because the memory of their time was freed
     * @param boundSeconds how old a known change may be before a vector that misses it is untimely
     * @param untimely reads that miss an older one: must be 0, since the story waits for its features
     * @param lag how long the missed changes had been known
     */
    public record Parity(
            long vectors,
            long values,
            long unexplained,
            long pending,
            long unserved,
            long absent,
            long freed,
            long boundSeconds,
            long untimely,
            Percentiles lag) {
        /** Whether anything was compared, and all of it was served, explained and in time. */
        public boolean sound() {
            return values > 0 && unexplained == 0 && pending == 0 && unserved == 0 && untimely == 0;
        }
    }

    /**
     * Areas under the ROC curve on the same questions.
     *
     * @param naiveOffline trained and tested on a join that knows delays before the landing
     * @param pointInTimeOffline trained and tested on what was known
     * @param naiveServed trained naively, asked honestly
     * @param online what the served model scored in this run
     * @param scored how many labelled questions
     * @param trainingRows how many rows it was trained on
     * @param trainedFrom first moment of training
     * @param trainedTo end of training
     * @param beyond the same models on more flights, if that was asked for
     */
    public record Models(
            double naiveOffline,
            double pointInTimeOffline,
            double naiveServed,
            double online,
            long scored,
            long trainingRows,
            Instant trainedFrom,
            Instant trainedTo,
            Optional<Beyond> beyond) {
        /** The same models, judged on more flights too. */
        public Models with(Beyond more) {
            return new Models(
                    naiveOffline,
                    pointInTimeOffline,
                    naiveServed,
                    online,
                    scored,
                    trainingRows,
                    trainedFrom,
                    trainedTo,
                    Optional.of(more));
        }

        /** By how much the naive join would have flattered the model. */
        public double flattery() {
            return naiveOffline - pointInTimeOffline;
        }
    }

    /**
     * The models judged offline on flights of a period, played or not: areas under the ROC curve.
     *
     * @param flights how many
     * @param naive naive join in training and here
     * @param pointInTime point in time in training and here
     * @param naiveServed naive join in training, point in time here
     */
    public record Beyond(
            Instant from, Instant to, long flights, double naive, double pointInTime, double naiveServed) {}

    /**
     * One day of the story.
     *
     * @param scored labelled questions asked on it
     * @param lateShare share of them that were late
     * @param predicted mean of their predictions
     */
    public record Day(LocalDate date, long scored, double lateShare, double predicted) {}

    /** What it ran on. */
    public record Machine(int cores, String java, String system) {}

    /** Whether all books balance and every question that was asked was answered as it should be. */
    public boolean sound() {
        return books.stream().allMatch(BookEntry::balanced)
                && (serving.requests() == 0 || parity.map(Parity::sound).orElse(true));
    }
}
