package dev.tidewheel.jobs.registered;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.FeatureView;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.jobs.JobDefinition;
import dev.tidewheel.jobs.JobDefinition.Entity;
import dev.tidewheel.jobs.registered.RegisteredViews.RegisteredView;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads from a snapshot of the registry what one feature job has to compute. */
public final class RegisteredJobs {
    private RegisteredJobs() {}

    /**
     * The job of a source: all registered views on it.
     *
     * @param snapshot of the registry, see {@link Registry#snapshot()}
     * @throws IllegalArgumentException if the source or its views are missing; the message says what to apply
     * @throws dev.tidewheel.definitions.DefinitionsException if something is wrong with one of them
     */
    public static JobDefinition of(Map<String, Definition> snapshot, String sourceName) {
        Definition registered = snapshot.get(Registry.key(Kind.SOURCE.word(), sourceName));
        if (registered == null) {
            throw new IllegalArgumentException("the registry has no source '" + sourceName + "' (it has "
                    + snapshot.keySet() + "); apply the definitions first");
        }
        Definitions definitions = Definitions.fromRegistry(bodies(snapshot)).orThrow();
        Source source = definitions.source(sourceName);
        return new JobDefinition(
                layout(source),
                source.horizon().toMillis(),
                new RegisteredColumns(sourceName, registered.getBody()),
                entities(snapshot, registered.getBody(), views(definitions, sourceName)));
    }

    /** All sources and views: other kinds do not matter to a job. */
    private static List<String> bodies(Map<String, Definition> snapshot) {
        return snapshot.values().stream()
                .filter(definition -> definition.getKind().equals(Kind.SOURCE.word())
                        || definition.getKind().equals(Kind.FEATURE_VIEW.word()))
                .map(Definition::getBody)
                .toList();
    }

    private static SourceLayout layout(Source source) {
        return new SourceLayout(
                source.name(),
                source.topic(),
                source.schema(),
                source.eventTime(),
                source.knownTime().orElse(null),
                source.eventId().orElse(null));
    }

    private static List<FeatureView> views(Definitions definitions, String source) {
        return definitions.views().stream()
                .filter(view -> view.source().equals(source))
                .sorted(Comparator.comparing(FeatureView::name))
                .toList();
    }

    /** One per distinct list of key columns, in the order of the stages' names. */
    private static List<Entity> entities(Map<String, Definition> snapshot, String sourceBody, List<FeatureView> views) {
        Map<String, List<FeatureView>> byStage = new TreeMap<>();
        for (FeatureView view : views) {
            String stage = String.join("+", view.spec().entity());
            byStage.computeIfAbsent(stage, none -> new ArrayList<>()).add(view);
        }
        List<Entity> entities = new ArrayList<>();
        byStage.values().forEach(ofStage -> {
            ArrayList<RegisteredView> registered = new ArrayList<>();
            ofStage.forEach(view -> registered.add(registered(snapshot, view.name())));
            entities.add(new Entity(ofStage.get(0).spec().entity(), new RegisteredViews(sourceBody, registered)));
        });
        return entities;
    }

    private static RegisteredView registered(Map<String, Definition> snapshot, String view) {
        Definition definition = Objects.requireNonNull(snapshot.get(Registry.key(Kind.FEATURE_VIEW.word(), view)));
        return new RegisteredView(view, definition.getLineage(), definition.getBody());
    }
}
