package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundSource;
import dev.tidewheel.definitions.Bound.BoundView;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Binds views, those first that others are chained to, and gives each that is chained the changelog that it reads. */
final class ViewLoader {
    private final List<Draft> drafts;
    private final Scope scope;
    private final CanonicalBodies bodies;
    private final Consumer<Draft> sources;
    private final ViewBinder binder;
    private final Problems problems;

    /**
     * @param drafts takes the changelogs, too
     * @param sources binds a source
     */
    ViewLoader(List<Draft> drafts, Scope scope, CanonicalBodies bodies, Consumer<Draft> sources, Problems problems) {
        this.drafts = drafts;
        this.scope = scope;
        this.bodies = bodies;
        this.sources = sources;
        this.binder = new ViewBinder(scope, problems);
        this.problems = problems;
    }

    void load() {
        List<Draft> views = of(Kind.FEATURE_VIEW).toList();
        views.forEach(view -> load(view, List.of()));
    }

    private Stream<Draft> of(Kind kind) {
        return drafts.stream().filter(draft -> draft.kind() == kind);
    }

    private Optional<Draft> find(Kind kind, String name) {
        return of(kind).filter(draft -> draft.name().equals(name)).findFirst();
    }

    /** @param readers the views that led here, each of which reads the next */
    private void load(Draft view, List<String> readers) {
        if (scope.views.containsKey(view.name())) {
            return;
        }
        view.spec().maybe("view").ifPresent(upstream -> upstream(view, upstream, readers));
        scope.views.put(view.name(), binder.bind(view));
    }

    private void upstream(Draft view, Scalar name, List<String> readers) {
        List<String> path = new ArrayList<>(readers);
        path.add(view.name());
        int seen = path.indexOf(name.text());
        if (seen >= 0) {
            List<String> circle = new ArrayList<>(path.subList(seen, path.size()));
            circle.add(name.text());
            problems.add(
                    name.place(),
                    ProblemCode.BAD_VALUE,
                    "views read each other in a circle: " + String.join(" -> ", circle)
                            + "; let one of them read a source");
            return;
        }
        find(Kind.FEATURE_VIEW, name.text()).ifPresent(read -> {
            load(read, path);
            changelog(read, name);
        });
    }

    /** Once, whoever reads it; not of a broken view, about which enough was said. */
    private void changelog(Draft read, Scalar name) {
        String source = ChangelogSources.name(read.name());
        Optional<Upstream> upstream =
                Optional.ofNullable(scope.views.get(read.name())).flatMap(of -> upstream(read, of));
        if (upstream.isEmpty() || scope.upstreams.containsKey(source) || !isFree(read, source, name)) {
            return;
        }
        try {
            Draft changelog = ChangelogSources.draft(upstream.get());
            drafts.add(changelog);
            scope.upstreams.put(source, upstream.get());
            sources.accept(changelog);
        } catch (IllegalArgumentException columns) {
            problems.add(
                    name.place(),
                    ProblemCode.DUPLICATE_NAME,
                    "the changelog of view '" + read.name() + "' cannot have its columns: " + columns.getMessage()
                            + "; rename the feature or the entity's column");
        }
    }

    private Optional<Upstream> upstream(Draft read, BoundView bound) {
        if (bound.definition().isEmpty() || bound.plan().isEmpty()) {
            return Optional.empty();
        }
        FeatureView view = bound.definition().get();
        BoundSource source = scope.sources.get(view.source());
        Optional<Draft> draft = find(Kind.SOURCE, view.source());
        if (source == null || draft.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Upstream(
                source.source(),
                view,
                bound.plan().get(),
                bodies.of(draft.get()),
                bodies.of(read),
                Optional.ofNullable(scope.upstreams.get(view.source()))));
    }

    private boolean isFree(Draft read, String source, Scalar name) {
        if (!ChangelogSources.isNameable(read.name())) {
            problems.add(
                    name.place(),
                    ProblemCode.BAD_NAME,
                    "the name of the changelog of view '" + read.name() + "', '" + source
                            + "', is too long; give the view a shorter one");
            return false;
        }
        Optional<Draft> taken = find(Kind.SOURCE, source);
        taken.ifPresent(other -> problems.add(
                other.namePlace(),
                ProblemCode.DUPLICATE_NAME,
                "'" + source + "' is the name of the changelog of view '" + read.name()
                        + "', which another view reads; give the source another name"));
        return taken.isEmpty();
    }
}
