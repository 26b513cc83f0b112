package dev.tidewheel.workbench.erase;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.Upstream;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.WorkbenchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where an entity can be: its sources are those that have all its key columns, whether anything is computed of them or not.
 *
 * @param sources their names
 * @param jobs that take its events, by the names of their sources, with the lineages that they compute: those of these
 *     sources, and of changelogs that are told from them. A job goes on to compute what is retired until it is started again
 *     or stopped, so it is here, too, with none where all are retired
 * @param topics of these sources: the users' own
 * @param keyed the lineages whose keys name the entity, also those that are retired but not deleted yet
 * @param others views of these sources by other keys: their values may contain the entity's events
 * @param remembering other sources that remember rows: of their tables no row may be emptied
 */
public record ErasureScope(
        Set<String> sources,
        Map<String, Set<String>> jobs,
        Set<String> topics,
        List<Keyed> keyed,
        Set<String> others,
        Set<String> remembering) {
    public ErasureScope {
        sources = Set.copyOf(sources);
        jobs = Map.copyOf(jobs);
        topics = Set.copyOf(topics);
        keyed = List.copyOf(keyed);
        others = Set.copyOf(others);
        remembering = Set.copyOf(remembering);
    }

    /**
     * A lineage.
     *
     * @param entity the view's key columns, in order
     */
    public record Keyed(String view, long lineage, List<String> entity) {
        public Keyed {
            entity = List.copyOf(entity);
        }
    }

    /**
     * Reads the scope of an entity from a snapshot of the registry.
     *
     * @param entity key columns with their texts
     * @throws WorkbenchException if no source has the columns, none of them can hold the texts, or a source remembers rows
     *     in a way that they cannot be erased from
     */
    public static ErasureScope of(Map<String, Definition> registry, SortedMap<String, String> entity) {
        Collected collected = new Collected(entity);
        ViewLineages.known(registry).forEach(lineage -> collected.add(lineage, true));
        ViewLineages.retired(registry).forEach(lineage -> collected.add(lineage, false));
        registry.values().stream()
                .filter(definition -> definition.getKind().equals(Kind.SOURCE.word()))
                .forEach(collected::add);
        return collected.scope();
    }

    private static final class Collected {
        private final SortedMap<String, String> entity;
        private final Set<String> sources = new TreeSet<>();
        private final Map<String, Set<String>> jobs = new TreeMap<>();
        private final Set<String> topics = new TreeSet<>();
        private final List<Keyed> keyed = new ArrayList<>();
        private final Set<String> others = new TreeSet<>();
        private final Set<String> remembering = new TreeSet<>();
        private final Set<String> unfit = new TreeSet<>();

        Collected(SortedMap<String, String> entity) {
            this.entity = entity;
        }

        /** @param computed whether a job has to compute it */
        void add(ViewLineage lineage, boolean computed) {
            Definitions definitions = Definitions.fromRegistry(List.of(lineage.sourceBody(), lineage.viewBody()))
                    .orThrow();
            Source source = definitions.source(lineage.source());
            RowSchema columns = definitions.sourceSchema(source.name());
            requireErasable(source, columns);
            boolean has = canHave(source.name(), columns);
            if (has || isToldFromIt(definitions, source)) {
                Set<String> lineages = jobs.computeIfAbsent(source.name(), unseen -> new TreeSet<>());
                if (computed) {
                    lineages.add(lineage.id());
                }
            }
            if (!has) {
                if (remembers(source)) {
                    remembering.add(source.name());
                }
                return;
            }
            sources.add(source.name());
            topics.addAll(source.topics());
            List<String> key = definitions.view(lineage.view()).spec().entity();
            if (key.containsAll(entity.keySet())) {
                keyed.add(new Keyed(lineage.view(), lineage.lineage(), key));
            } else {
                others.add(lineage.view());
            }
        }

        /** As it is declared now: what was computed of it may be gone, and its table is not. */
        void add(Definition declared) {
            Definitions definitions =
                    Definitions.fromRegistry(List.of(declared.getBody())).orThrow();
            Source source = definitions.source(declared.getName());
            if (!remembers(source) && canHave(source.name(), definitions.sourceSchema(source.name()))) {
                sources.add(source.name());
                topics.addAll(source.topics());
            }
        }

        /** What the job would refuse to start with: it looks at names, because it does not know the values. */
        private void requireErasable(Source source, RowSchema columns) {
            boolean concerned = entity.keySet().stream()
                    .mapToInt(columns::slot)
                    .allMatch(slot -> slot >= 0 && columns.column(slot).type() != ColumnType.FLOAT64);
            if (concerned && remembers(source)) {
                throw new WorkbenchException("source " + source.name() + " has these columns, but is a "
                        + (source.isOfChanges() ? "change stream" : "view's changelog")
                        + ", which remembers rows by other keys: nothing was done. Erase the entity where the source comes"
                        + " from: its deletes go through to all values");
            }
        }

        /** Whether a source's rows can be the entity's. */
        private boolean canHave(String source, RowSchema columns) {
            if (!entity.keySet().stream().allMatch(column -> columns.slot(column) >= 0)) {
                return false;
            }
            boolean all = true;
            for (Map.Entry<String, String> column : entity.entrySet()) {
                ColumnType type = columns.column(columns.slot(column.getKey())).type();
                if (!isValue(type, column.getValue())) {
                    unfit.add("'" + column.getValue() + "' is no value of column " + column.getKey() + " of source "
                            + source + ", which is " + type + " (times in epoch milliseconds; doubles are no keys)");
                    all = false;
                }
            }
            return all;
        }

        private static boolean isValue(ColumnType type, String text) {
            return switch (type) {
                case STRING, JSON -> true;
                case INT64, TIMESTAMP -> isNumber(text);
                case BOOL -> text.equals("true") || text.equals("false");
                case FLOAT64 -> false;
            };
        }

        private static boolean isNumber(String text) {
            try {
                return Long.toString(Long.parseLong(text)).equals(text);
            } catch (NumberFormatException e) {
                return false;
            }
        }

        /** Whether the job of a changelog reads events of the entity to tell it. */
        private boolean isToldFromIt(Definitions definitions, Source source) {
            return definitions
                    .upstream(source.name())
                    .map(upstream -> upstream.path().get(0))
                    .filter(first -> canHave(
                            first.source().name(),
                            Definitions.fromRegistry(List.of(first.sourceBody()))
                                    .orThrow()
                                    .sourceSchema(first.source().name())))
                    .isPresent();
        }

        private static boolean remembers(Source source) {
            return source.isOfChanges() || Upstream.isChangelog(source);
        }

        ErasureScope scope() {
            if (sources.isEmpty()) {
                throw new WorkbenchException(
                        unfit.isEmpty()
                                ? "no source has the columns " + entity.keySet()
                                        + "; 'tidewheel lineages' lists the views"
                                : String.join("; ", unfit));
            }
            return new ErasureScope(sources, jobs, topics, keyed, others, remembering);
        }
    }
}
