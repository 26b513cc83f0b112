package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.Problem;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.YamlReader;
import dev.tidewheel.feature.expression.Spelling;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.ViewPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A set of definitions, checked whole: every name is known, every expression compiles against the columns that it will
 * see, every view and service is planned by the very classes that will run it. Immutable and thread-safe.
 *
 * <p>Loading never throws because of what is written; it collects {@link #problems()}. What is broken has no plan.
 */
public final class Definitions {
    private final Scope scope;
    private final List<Draft> drafts;
    private final CanonicalBodies bodies;
    private final List<Problem> problems;

    Definitions(Scope scope, List<Draft> drafts, CanonicalBodies bodies, List<Problem> problems) {
        this.scope = scope;
        this.drafts = List.copyOf(drafts);
        this.bodies = bodies;
        this.problems = List.copyOf(problems);
    }

    /**
     * Loads all {@code *.yaml} and {@code *.yml} files of a folder, not of the folders in it. What is dearer than its
     * limits is a problem.
     */
    public static Definitions load(Path folder) {
        Problems problems = new Problems();
        TextFiles files = new TextFiles(folder, problems);
        List<Yaml> documents = new ArrayList<>();
        for (String file : files.definitions()) {
            int before = problems.count();
            List<Yaml> read = files.read(file)
                    .map(text -> YamlReader.read(file, text, problems))
                    .orElse(List.of());
            if (read.isEmpty() && problems.count() == before) {
                problems.add(
                        Place.startOf(file),
                        ProblemCode.EMPTY,
                        "the file defines nothing; write a definition or delete it");
            }
            documents.addAll(read);
        }
        if (documents.isEmpty() && problems.count() == 0) {
            problems.add(
                    Place.startOf(folder.toString()), ProblemCode.EMPTY, "the folder has no *.yaml files; write one");
        }
        return new Loader(problems, files::schema, true).load(documents);
    }

    /**
     * Loads what {@link #toRegistry()} gave. Limits are not looked at: they were, before it was published.
     *
     * @param bodies canonical JSON of definitions; nothing else that the registry may hold
     */
    public static Definitions fromRegistry(Collection<String> bodies) {
        Problems problems = new Problems();
        List<Yaml> documents = new ArrayList<>();
        bodies.forEach(body -> documents.addAll(YamlReader.read("registry", body, problems)));
        Function<Yaml.Scalar, Optional<Yaml>> noFiles = name -> {
            problems.add(
                    name.place(),
                    ProblemCode.BAD_SCHEMA,
                    "the registry holds schemas inline; publish the source again");
            return Optional.empty();
        };
        return new Loader(problems, noFiles, false).load(documents);
    }

    /** Everything that is wrong, in the order of files and lines. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * These definitions if nothing is wrong with them.
     *
     * @throws DefinitionsException otherwise, with all problems
     */
    public Definitions orThrow() {
        if (!problems.isEmpty()) {
            throw new DefinitionsException(problems);
        }
        return this;
    }

    /** The sources that could be read, by name; changelogs that views are chained to are sources too. */
    public List<Source> sources() {
        return scope.sources.values().stream().map(Bound.BoundSource::source).toList();
    }

    /** The views that could be read, by name. */
    public List<FeatureView> views() {
        return scope.views.values().stream()
                .flatMap(view -> view.definition().stream())
                .toList();
    }

    /** The services that could be read, by name. */
    public List<FeatureService> services() {
        return scope.services.values().stream()
                .map(Bound.BoundService::definition)
                .toList();
    }

    /** The models with nothing wrong, by name. */
    public List<Model> models() {
        return scope.models.values().stream().map(ModelPlan::model).toList();
    }

    /** The monitors with nothing wrong, by name. */
    public List<Monitor> monitors() {
        return List.copyOf(scope.monitors.values());
    }

    /** The rollouts with nothing wrong, by name. */
    public List<Rollout> rollouts() {
        return List.copyOf(scope.rollouts.values());
    }

    /** The retrainings with nothing wrong, by name. */
    public List<Retraining> retrainings() {
        return List.copyOf(scope.retrainings.values());
    }

    /**
     * @throws IllegalArgumentException if there is no such source
     */
    public Source source(String name) {
        return found(Kind.SOURCE, name, Optional.ofNullable(scope.sources.get(name)), scope.sources)
                .source();
    }

    /** What a source tells of, if it is the changelog of a view. */
    public Optional<Upstream> upstream(String source) {
        return Optional.ofNullable(scope.upstreams.get(source));
    }

    /**
     * The columns of a source's rows, in the order in which changes carry them.
     *
     * @throws IllegalArgumentException if there is no such source
     */
    public RowSchema sourceSchema(String name) {
        return source(name).columns();
    }

    /**
     * @throws IllegalArgumentException if there is no such view
     */
    public FeatureView view(String name) {
        Optional<FeatureView> view = Optional.ofNullable(scope.views.get(name)).flatMap(Bound.BoundView::definition);
        return found(Kind.FEATURE_VIEW, name, view, scope.views);
    }

    /**
     * @throws IllegalArgumentException if there is no such view, or something is wrong with it
     */
    public ViewPlan viewPlan(String name) {
        Optional<ViewPlan> plan = Optional.ofNullable(scope.views.get(name)).flatMap(Bound.BoundView::plan);
        return found(Kind.FEATURE_VIEW, name, plan, scope.views);
    }

    /**
     * @throws IllegalArgumentException if there is no such service
     */
    public FeatureService service(String name) {
        return found(Kind.FEATURE_SERVICE, name, Optional.ofNullable(scope.services.get(name)), scope.services)
                .definition();
    }

    /**
     * @throws IllegalArgumentException if there is no such service, or something is wrong with it
     */
    public ServicePlan servicePlan(String name) {
        Optional<ServicePlan> plan =
                Optional.ofNullable(scope.services.get(name)).flatMap(Bound.BoundService::plan);
        return found(Kind.FEATURE_SERVICE, name, plan, scope.services);
    }

    /**
     * @throws IllegalArgumentException if there is no such model, or something is wrong with it
     */
    public ModelPlan modelPlan(String name) {
        return found(Kind.MODEL, name, Optional.ofNullable(scope.models.get(name)), scope.models);
    }

    /**
     * @throws IllegalArgumentException if there is no such monitor, or something is wrong with it
     */
    public Monitor monitor(String name) {
        return found(Kind.MONITOR, name, Optional.ofNullable(scope.monitors.get(name)), scope.monitors);
    }

    /**
     * @throws IllegalArgumentException if there is no such rollout, or something is wrong with it
     */
    public Rollout rollout(String name) {
        return found(Kind.ROLLOUT, name, Optional.ofNullable(scope.rollouts.get(name)), scope.rollouts);
    }

    /**
     * @throws IllegalArgumentException if there is no such retraining, or something is wrong with it
     */
    public Retraining retraining(String name) {
        return found(Kind.RETRAINING, name, Optional.ofNullable(scope.retrainings.get(name)), scope.retrainings);
    }

    private static <T> T found(Kind kind, String name, Optional<T> found, Map<String, ?> all) {
        return found.orElseThrow(() -> new IllegalArgumentException(
                all.containsKey(name)
                        ? "something is wrong with the " + kind.word() + " '" + name + "'; validate the definitions"
                        : "there is no " + kind.word() + " '" + name + "'" + Spelling.hint(name, all.keySet())));
    }

    /**
     * All definitions as the registry holds them, those first that others refer to.
     *
     * @throws DefinitionsException if something is wrong with them
     */
    public List<RegistryEntry> toRegistry() {
        return new RegistryForm(orThrow(), drafts, bodies).entries();
    }
}
