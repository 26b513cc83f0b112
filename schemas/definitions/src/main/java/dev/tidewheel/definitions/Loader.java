package dev.tidewheel.definitions;

import dev.tidewheel.definitions.Bound.BoundService;
import dev.tidewheel.definitions.Bound.BoundView;
import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.shape.ShapeCheck;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.YamlReader;
import dev.tidewheel.feature.expression.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From documents to checked definitions: shapes first, then kind by kind in the order in which they refer to each other. */
final class Loader {
    private final Problems problems;
    private final Function<Scalar, Optional<Yaml>> schemaFiles;
    private final boolean limits;
    private final Scope scope = new Scope();
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<String, Yaml> schemas = new TreeMap<>();
    private final Map<String, Mapping> upstreams = new TreeMap<>();
    private final CanonicalBodies bodies = new CanonicalBodies(drafts, schemas, scope.upstreams);

    /**
     * @param problems takes what is wrong; holds what was wrong with reading already
     * @param schemaFiles finds the schema that a source names
     * @param limits whether what is too dear is refused; not where it was accepted and published before
     */
    Loader(Problems problems, Function<Scalar, Optional<Yaml>> schemaFiles, boolean limits) {
        this.problems = problems;
        this.schemaFiles = schemaFiles;
        this.limits = limits;
    }

    Definitions load(List<Yaml> documents) {
        documents.forEach(this::draft);
        List<Draft> unions =
                of(Kind.SOURCE).stream().filter(UnionBinder::isUnion).toList();
        of(Kind.SOURCE).stream().filter(draft -> !unions.contains(draft)).forEach(this::source);
        UnionBinder union = new UnionBinder(
                scope, unions.stream().map(Draft::name).collect(Collectors.toSet()), schemaFiles, problems);
        unions.forEach(draft -> union.bind(draft).ifPresent(source -> scope.sources.put(draft.name(), source)));
        new ViewLoader(drafts, scope, bodies, this::source, problems).load();
        ServiceBinder services = new ServiceBinder(scope, problems);
        of(Kind.FEATURE_SERVICE).forEach(draft -> scope.services.put(draft.name(), services.bind(draft)));
        ModelBinder models = new ModelBinder(scope, problems);
        of(Kind.MODEL).forEach(draft -> models.bind(draft).ifPresent(plan -> scope.models.put(draft.name(), plan)));
        ControlBinder control = new ControlBinder(scope, problems);
        of(Kind.MONITOR).forEach(draft -> keep(draft, control.monitor(draft), scope.monitors));
        of(Kind.ROLLOUT).forEach(draft -> keep(draft, control.rollout(draft), scope.rollouts));
        of(Kind.RETRAINING).forEach(draft -> keep(draft, control.retraining(draft), scope.retrainings));
        if (limits) {
            limit();
        }
        return new Definitions(scope, drafts, bodies, problems.sorted());
    }

    private void limit() {
        LimitCheck check = new LimitCheck(problems);
        for (Draft draft : of(Kind.FEATURE_VIEW)) {
            Optional.ofNullable(scope.views.get(draft.name()))
                    .flatMap(BoundView::plan)
                    .ifPresent(plan -> check.view(draft, plan));
        }
        for (Draft draft : of(Kind.FEATURE_SERVICE)) {
            Optional.ofNullable(scope.services.get(draft.name()))
                    .flatMap(BoundService::plan)
                    .ifPresent(plan -> check.service(draft, plan));
        }
    }

    private static <T> void keep(Draft draft, Optional<T> definition, Map<String, T> where) {
        definition.ifPresent(right -> where.put(draft.name(), right));
    }

    /**
     * Reads one body of the registry without what it refers to.
     *
     * @param reader gives nothing only if it found something wrong
     * @throws DefinitionsException if it is no such definition
     */
    static <T> T single(Kind kind, String body, BiFunction<Draft, Problems, Optional<T>> reader) {
        Problems problems = new Problems();
        Loader loader = new Loader(problems, name -> Optional.empty(), false);
        YamlReader.read("registry", body, problems).forEach(loader::draft);
        List<Draft> drafts = loader.of(kind);
        if (problems.count() == 0 && (drafts.size() != 1 || loader.drafts.size() != 1)) {
            problems.add(
                    Place.startOf("registry"),
                    ProblemCode.UNKNOWN_KIND,
                    "the body is not one " + kind.word() + "; give the body of one");
        }
        Optional<T> definition = problems.count() == 0 ? reader.apply(drafts.get(0), problems) : Optional.empty();
        return definition.orElseThrow(() -> new DefinitionsException(problems.sorted()));
    }

    private List<Draft> of(Kind kind) {
        return drafts.stream().filter(draft -> draft.kind() == kind).toList();
    }

    private void draft(Yaml document) {
        if (!(document instanceof Mapping mapping)) {
            problems.add(
                    document.place(),
                    ProblemCode.WRONG_TYPE,
                    "a definition is a mapping, not " + document.what() + "; begin with apiVersion: "
                            + Kind.API_VERSION);
            return;
        }
        if (!apiVersion(mapping)) {
            return;
        }
        Optional<Kind> kind = kind(mapping);
        if (kind.isEmpty()) {
            return;
        }
        int before = problems.count();
        Optional<Mapping> pruned =
                new ShapeCheck(problems).struct(ofRegistry(mapping), kind.get().document());
        boolean whole = problems.count() == before;
        boolean first = name(mapping).map(name -> take(kind.get(), name)).orElse(true);
        if (first && pruned.isPresent()) {
            drafts.add(new Draft(kind.get(), pruned.get(), whole));
        }
    }

    private boolean apiVersion(Mapping document) {
        Optional<Yaml> version = document.get("apiVersion");
        if (version.isPresent()
                && version.get() instanceof Scalar scalar
                && scalar.text().equals(Kind.API_VERSION)) {
            return true;
        }
        problems.add(
                version.map(Yaml::place).orElse(document.place()),
                version.isPresent() ? ProblemCode.API_VERSION : ProblemCode.MISSING_KEY,
                version.map(written -> "'apiVersion' cannot be " + written.what())
                                .orElse("a definition needs the key 'apiVersion'")
                        + "; write apiVersion: " + Kind.API_VERSION);
        return false;
    }

    /** The registry's changelogs bring what they tell of; a folder's definitions cannot. */
    private Mapping ofRegistry(Mapping document) {
        if (limits) {
            return document;
        }
        return ChangelogSources.registered(document)
                .map(changelog -> {
                    name(document).ifPresent(name -> upstreams.put(name.text(), changelog.upstream()));
                    return changelog.document();
                })
                .orElse(document);
    }

    private Optional<Kind> kind(Mapping document) {
        Optional<Yaml> written = document.get("kind");
        if (written.isEmpty()) {
            problems.add(
                    document.place(),
                    ProblemCode.MISSING_KEY,
                    "a definition needs the key 'kind'; write one of: " + String.join(", ", Kind.words()));
            return Optional.empty();
        }
        String word = written.get() instanceof Scalar scalar ? scalar.text() : "";
        Optional<Kind> kind = Kind.of(word);
        if (kind.isEmpty()) {
            problems.add(
                    written.get().place(),
                    ProblemCode.UNKNOWN_KIND,
                    written.get().what() + " is no kind" + Spelling.hint(word, Kind.words()));
        }
        return kind;
    }

    private static Optional<Scalar> name(Mapping document) {
        return document.get("metadata")
                .filter(Mapping.class::isInstance)
                .flatMap(metadata -> ((Mapping) metadata).get("name"))
                .filter(Scalar.class::isInstance)
                .map(Scalar.class::cast);
    }

    private boolean take(Kind kind, Scalar name) {
        if (scope.take(kind, name.text())) {
            return true;
        }
        Place place = name.place();
        problems.add(
                place,
                ProblemCode.DUPLICATE_NAME,
                "there is a " + kind.word() + " '" + name.text() + "' already; rename one of them");
        return false;
    }

    private void source(Draft draft) {
        Yaml written = draft.spec().required("schema");
        Optional<Yaml> schema = written instanceof Scalar name ? schemaFiles.apply(name) : Optional.of(written);
        schema.ifPresent(found -> {
            schemas.put(draft.name(), found);
            new SourceBinder(problems).bind(draft, found).ifPresent(source -> scope.sources.put(draft.name(), source));
        });
        Mapping upstream = upstreams.get(draft.name());
        if (upstream != null) {
            upstream(draft, upstream);
        }
    }

    private void upstream(Draft draft, Mapping written) {
        try {
            scope.upstreams.put(draft.name(), ChangelogSources.read(written));
        } catch (DefinitionsException wrong) {
            wrong.problems()
                    .forEach(problem -> problems.add(
                            draft.namePlace(),
                            problem.code(),
                            "what '" + draft.name() + "' is computed from: " + problem.message()));
        }
    }
}
