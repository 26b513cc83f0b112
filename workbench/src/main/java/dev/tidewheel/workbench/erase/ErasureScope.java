package dev.tidewheel.workbench.erase;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.Upstream;
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
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where an entity can be: its sources are those that have all its key columns.
 *
 * @param sources their names, sorted
 * @param topics of these sources: the users' own
 * @param keyed the lineages whose keys name the entity, also those that are retired but not deleted yet
 * @param others views of these sources by other keys: their values may contain the entity's events
 */
public record ErasureScope(Set<String> sources, Set<String> topics, List<Keyed> keyed, Set<String> others) {
    public ErasureScope {
        sources = Set.copyOf(sources);
        topics = Set.copyOf(topics);
        keyed = List.copyOf(keyed);
        others = Set.copyOf(others);
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
     * @throws WorkbenchException if no source has the columns, a text is not what a column can hold, or a source remembers
     *     rows in a way that they cannot be erased from
     */
    public static ErasureScope of(Map<String, Definition> registry, SortedMap<String, String> entity) {
        Collected collected = new Collected(entity);
        Stream.concat(ViewLineages.known(registry).stream(), ViewLineages.retired(registry).stream())
                .forEach(collected::add);
        return collected.scope();
    }

    private static final class Collected {
        private final SortedMap<String, String> entity;
        private final Set<String> sources = new TreeSet<>();
        private final Set<String> topics = new TreeSet<>();
        private final List<Keyed> keyed = new ArrayList<>();
        private final Set<String> others = new TreeSet<>();

        Collected(SortedMap<String, String> entity) {
            this.entity = entity;
        }

        void add(ViewLineage lineage) {
            Definitions definitions = Definitions.fromRegistry(List.of(lineage.sourceBody(), lineage.viewBody()))
                    .orThrow();
            RowSchema columns = definitions.sourceSchema(lineage.source());
            if (!entity.keySet().stream().allMatch(column -> columns.slot(column) >= 0)) {
                return;
            }
            Source source = definitions.source(lineage.source());
            requireErasable(source);
            entity.forEach((column, text) -> requireText(source, columns, column, text));
            sources.add(source.name());
            topics.addAll(source.topics());
            List<String> key = definitions.view(lineage.view()).spec().entity();
            if (key.containsAll(entity.keySet())) {
                keyed.add(new Keyed(lineage.view(), lineage.lineage(), key));
            } else {
                others.add(lineage.view());
            }
        }

        /** What the job would refuse to start with. */
        private static void requireErasable(Source source) {
            if (source.isOfChanges() || Upstream.isChangelog(source)) {
                throw new WorkbenchException("source " + source.name() + " has these columns, but is a "
                        + (source.isOfChanges() ? "change stream" : "view's changelog")
                        + ", which remembers rows by other keys: nothing was done. Erase the entity where the source comes"
                        + " from: its deletes go through to all values");
            }
        }

        private static void requireText(Source source, RowSchema columns, String column, String text) {
            ColumnType type = columns.column(columns.slot(column)).type();
            boolean canonical = switch (type) {
                case STRING, JSON -> true;
                case INT64, TIMESTAMP -> text.matches("0|-?[1-9][0-9]{0,18}");
                case BOOL -> text.equals("true") || text.equals("false");
                case FLOAT64 -> false;
            };
            if (!canonical) {
                throw new WorkbenchException("'" + text + "' is no value of column " + column + " of source "
                        + source.name() + ", which is " + type + " (times in epoch milliseconds; doubles are no keys)");
            }
        }

        ErasureScope scope() {
            if (sources.isEmpty()) {
                throw new WorkbenchException("no source with views has the columns " + entity.keySet()
                        + "; 'tidewheel lineages' lists the views");
            }
            return new ErasureScope(sources, topics, keyed, others);
        }
    }
}
