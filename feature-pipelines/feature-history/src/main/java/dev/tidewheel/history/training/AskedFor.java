package dev.tidewheel.history.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidewheel.history.questions.Moments;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a training set was asked for: all that a command says and that decides its rows. Equal ones over equal data are the
 * same set.
 *
 * @param model whose questions and label the rows hold; null where no model asks
 * @param service whose vector the rows hold
 * @param serviceHash of the service's definition, with its views' and sources'
 * @param questions where questions come from
 * @param splits the parts of the set
 * @param knowledge what a question could know
 * @param knownBy for {@link Knowledge#KNOWN_BY} the moment, ISO-8601
 * @param hindsight for {@link Knowledge#HINDSIGHT} how long after the question, ISO-8601
 * @param servingDelay ISO-8601 duration by which questions see less than was visible
 * @param delayMeasured whether this delay was measured of a run, or given; null if there is none, or nobody said where it came from,
 *     as in sets that were made before manifests did
 * @param asOf what became known later was left out, ISO-8601; null if nothing was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AskedFor(
        @Nullable String model,
        String service,
        String serviceHash,
        QuestionsOf questions,
        List<SplitOf> splits,
        Knowledge knowledge,
        @Nullable String knownBy,
        @Nullable String hindsight,
        String servingDelay,
        @Nullable Boolean delayMeasured,
        @Nullable String asOf) {
    public AskedFor {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(serviceHash, "serviceHash");
        Objects.requireNonNull(questions, "questions");
        splits = List.copyOf(splits);
        Objects.requireNonNull(knowledge, "knowledge");
        Objects.requireNonNull(servingDelay, "servingDelay");
    }

    /**
     * A part of the set.
     *
     * @param from the first moment, ISO-8601; null where it is not bounded
     * @param to after the last; null where it is not bounded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SplitOf(
            String name, @Nullable String from, @Nullable String to) {
        static SplitOf of(Moments.Split split) {
            return new SplitOf(
                    split.name(),
                    split.from() == Long.MIN_VALUE ? null : text(split.from()),
                    split.to() == Long.MAX_VALUE ? null : text(split.to()));
        }

        private static String text(long millis) {
            return Instant.ofEpochMilli(millis).toString();
        }
    }

    /** What a spec asks for. */
    public static AskedFor of(TrainingSetSpec spec) {
        Retiming world = spec.retiming();
        return new AskedFor(
                spec.model().orElse(null),
                spec.service().name(),
                spec.serviceHash(),
                spec.questions(),
                spec.moments().splits().stream().map(SplitOf::of).toList(),
                world.kind(),
                world.kind() == Knowledge.KNOWN_BY
                        ? Instant.ofEpochMilli(world.millis()).toString()
                        : null,
                world.kind() == Knowledge.HINDSIGHT
                        ? Duration.ofMillis(world.millis()).toString()
                        : null,
                spec.servingDelay().toString(),
                spec.delayMeasured(),
                spec.asOf().map(Instant::toString).orElse(null));
    }

    /** The same, not saying where the delay comes from. */
    public AskedFor ofUnknownDelay() {
        return new AskedFor(
                model,
                service,
                serviceHash,
                questions,
                splits,
                knowledge,
                knownBy,
                hindsight,
                servingDelay,
                null,
                asOf);
    }

    /** As JSON, the same bytes for equal ones. */
    public String toJson() {
        return TrainingSetManifest.write(this);
    }
}
