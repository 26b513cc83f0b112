package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundService;
import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.Bound.BoundView;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.feature.expression.Spelling;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The definitions that others may refer to. A name whose definition is broken is known, but nothing more is said about
 * it: what is wrong was reported where it is wrong.
 */
final class Scope {
    final Map<String, BoundSource> sources = new TreeMap<>();
    /** By the names of their changelogs, which are among the sources. */
    final Map<String, Upstream> upstreams = new TreeMap<>();

    final Map<String, BoundView> views = new TreeMap<>();
    final Map<String, BoundService> services = new TreeMap<>();
    final Map<String, ModelPlan> models = new TreeMap<>();
    final Map<String, Monitor> monitors = new TreeMap<>();
    final Map<String, Rollout> rollouts = new TreeMap<>();
    final Map<String, Retraining> retrainings = new TreeMap<>();
    private final Map<Kind, Set<String>> names = new EnumMap<>(Kind.class);

    /** Notes that a name is taken; false if it was taken before. */
    boolean take(Kind kind, String name) {
        return names(kind).add(name);
    }

    /** The source of records from which a source is computed, over views that are chained: mostly itself. */
    BoundSource origin(BoundSource source) {
        Upstream upstream = upstreams.get(source.source().name());
        BoundSource before =
                upstream == null ? null : sources.get(upstream.source().name());
        return before == null ? source : origin(before);
    }

    /** The definition that a name refers to; a problem if nothing has the name. */
    <T> Optional<T> find(Kind kind, Map<String, T> among, Scalar name, Problems problems) {
        if (!names(kind).contains(name.text())) {
            String hint = names(kind).isEmpty() ? "; define it" : Spelling.hint(name.text(), names(kind));
            problems.add(
                    name.place(),
                    ProblemCode.UNKNOWN_NAME,
                    "there is no " + kind.word() + " '" + name.text() + "'" + hint);
        }
        return Optional.ofNullable(among.get(name.text()));
    }

    private Set<String> names(Kind kind) {
        return names.computeIfAbsent(kind, any -> new TreeSet<>());
    }
}
