package dev.tidewheel.jobs.registered;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.jobs.JobDefinition;
import dev.tidewheel.jobs.JobDefinition.Cohort;
import dev.tidewheel.jobs.JobDefinition.Entity;
import dev.tidewheel.jobs.chain.ChainSpec;
import dev.tidewheel.jobs.registered.RegisteredViews.RegisteredView;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads from a snapshot of the registry what one feature job has to compute. */
public final class RegisteredJobs {
    private RegisteredJobs() {}

    /**
     * The job of a source: all registered lineages of the views on it, those that joined a running job as cohorts.
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
        Map<Long, List<ViewLineage>> byCohort = new TreeMap<>();
        for (ViewLineage lineage : ViewLineages.ofSource(snapshot, sourceName)) {
            byCohort.computeIfAbsent(lineage.cohort(), none -> new ArrayList<>())
                    .add(lineage);
        }
        List<ViewLineage> main = byCohort.getOrDefault(ViewLineages.MAIN, List.of());
        byCohort.remove(ViewLineages.MAIN);
        List<Cohort> cohorts = new ArrayList<>();
        byCohort.forEach((number, views) ->
                cohorts.add(new Cohort(number, job(sourceBody(views), views, List.of(), List.of()))));
        return job(
                main.isEmpty() ? registered.getBody() : sourceBody(main),
                main,
                cohorts,
                RegisteredChains.toldBy(sourceName, snapshot));
    }

    /** How the lineages of one pipeline read the source. They agree: another declaration begins another cohort. */
    private static String sourceBody(List<ViewLineage> views) {
        ViewLineage first = views.get(0);
        for (ViewLineage view : views) {
            if (!view.sourceBody().equals(first.sourceBody())) {
                throw new IllegalArgumentException("the registry has " + first.id() + " and " + view.id()
                        + " in cohort " + first.cohort() + " of source '" + first.source()
                        + "' with different declarations of the source; apply the definitions again");
            }
        }
        return first.sourceBody();
    }

    private static JobDefinition job(
            String sourceBody, List<ViewLineage> views, List<Cohort> cohorts, List<ChainSpec> chains) {
        Source source = Definitions.fromRegistry(List.of(sourceBody))
                .orThrow()
                .sources()
                .get(0);
        return new JobDefinition(
                SourceLayout.of(source),
                source.horizon().toMillis(),
                new RegisteredColumns(source.name(), sourceBody),
                entities(sourceBody, views),
                cohorts,
                chains);
    }

    /** One per distinct list of key columns, in the order of the stages' names. */
    private static List<Entity> entities(String sourceBody, List<ViewLineage> views) {
        Map<List<String>, ArrayList<RegisteredView>> byColumns = new LinkedHashMap<>();
        for (ViewLineage view : views) {
            List<String> columns = Definitions.fromRegistry(List.of(sourceBody, view.viewBody()))
                    .orThrow()
                    .view(view.view())
                    .spec()
                    .entity();
            byColumns
                    .computeIfAbsent(columns, none -> new ArrayList<>())
                    .add(new RegisteredView(view.view(), view.lineage(), view.viewBody()));
        }
        return byColumns.entrySet().stream()
                .map(stage -> new Entity(stage.getKey(), new RegisteredViews(sourceBody, stage.getValue())))
                .sorted(Comparator.comparing(Entity::stage))
                .toList();
    }
}
