package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who answers and who is asked beside. Immutable; a request uses one from its admission to its end, whatever the registry
 * says meanwhile.
 *
 * @param generation of the registry's {@code Traffic} record; 0 if it is not that record in full that is served: there is
 *     none and the champion's alias decides, or only its champion can be served
 * @param champion answers
 * @param shadow is asked what was answered
 * @param canary answers a share
 * @param inputs the names that a request may carry: what any of them takes
 */
record Traffic(
        long generation, Serving champion, Optional<Serving> shadow, Optional<Canary> canary, Set<String> inputs) {
    /**
     * @param serving the version
     * @param share of the requests, see {@link Split}
     */
    record Canary(Serving serving, double share) {}

    Traffic {
        inputs = Set.copyOf(inputs);
    }

    static Traffic of(long generation, Serving champion, Optional<Serving> shadow, Optional<Canary> canary) {
        Set<String> inputs = new LinkedHashSet<>();
        parts(champion, shadow, canary).forEach(serving -> {
            inputs.addAll(serving.entities());
            serving.service().request().columns().stream().map(Column::name).forEach(inputs::add);
        });
        return new Traffic(generation, champion, shadow, canary, inputs);
    }

    /**
     * The names by which a request may say whom it is about, whichever version takes them: entities, and request columns
     * but for doubles, which are no keys.
     */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        parts(champion, shadow, canary).forEach(serving -> {
            keys.addAll(serving.entities());
            serving.service().request().columns().stream()
                    .filter(column -> column.type() != ColumnType.FLOAT64)
                    .map(Column::name)
                    .forEach(keys::add);
        });
        return keys;
    }

    /** The versions that take part. */
    Set<String> versions() {
        return parts(champion, shadow, canary).map(Serving::version).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<Serving> parts(Serving champion, Optional<Serving> shadow, Optional<Canary> canary) {
        return Stream.of(Optional.of(champion), shadow, canary.map(Canary::serving))
                .flatMap(Optional::stream);
    }

    /** The canary's version, if it is for this request. */
    Optional<Serving> canaryFor(String requestId) {
        return canary.filter(taken -> Split.takes(requestId, taken.share())).map(Canary::serving);
    }

    /** For people. */
    String describe() {
        return "serves version " + champion.version() + " with service "
                + champion.service().name()
                + canary.map(taken -> ", canary " + taken.serving().version() + " for " + taken.share())
                        .orElse("")
                + shadow.map(beside -> ", shadow " + beside.version()).orElse("")
                + (generation == 0 ? "" : ", traffic generation " + generation);
    }
}
