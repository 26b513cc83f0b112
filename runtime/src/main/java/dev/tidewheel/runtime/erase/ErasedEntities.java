package dev.tidewheel.runtime.erase;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Erasures.Erasure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entities that were erased when a job was submitted. Travels in the job graph, so that a job that restarts after a
 * failure leaves out the same ones.
 */
public final class ErasedEntities implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Nobody is erased. */
    public static final ErasedEntities NONE = new ErasedEntities(null, List.of());

    private final @Nullable ErasureKey key;
    private final ArrayList<OfColumns> groups;

    /**
     * Those with the same key columns.
     *
     * @param columns sorted
     */
    record OfColumns(ArrayList<String> columns, HashSet<String> digests) implements Serializable {}

    private ErasedEntities(@Nullable ErasureKey key, List<OfColumns> groups) {
        this.key = key;
        this.groups = new ArrayList<>(groups);
    }

    /**
     * Reads the list.
     *
     * @param registry a snapshot
     * @throws IllegalArgumentException if somebody is erased and the key is missing, or is another
     */
    public static ErasedEntities of(Map<String, Definition> registry, Optional<ErasureKey> key) {
        List<Erasure> all = Erasures.all(registry);
        if (all.isEmpty()) {
            return NONE;
        }
        ErasureKey configured = key.orElseThrow(() -> new IllegalArgumentException("the registry has a list of "
                + all.size() + " erased entities, which cannot be told without its key;" + " configure erasures.key"));
        TreeMap<List<String>, HashSet<String>> byColumns =
                new TreeMap<>((some, others) -> some.toString().compareTo(others.toString()));
        for (Erasure erasure : all) {
            if (!erasure.keyId().equals(configured.id())) {
                throw new IllegalArgumentException("the list of erased entities was made with key " + erasure.keyId()
                        + ", configured is " + configured.id() + "; configure erasures.key with the former");
            }
            byColumns
                    .computeIfAbsent(erasure.columns(), unseen -> new HashSet<>())
                    .add(erasure.digest());
        }
        return new ErasedEntities(
                configured,
                byColumns.entrySet().stream()
                        .map(group -> new OfColumns(new ArrayList<>(group.getKey()), group.getValue()))
                        .toList());
    }

    /** Which list this is: equal texts are equal lists. Empty if nobody is erased. */
    public String version() {
        List<String> all = groups.stream()
                .flatMap(group -> group.digests().stream())
                .sorted()
                .toList();
        return key == null ? "" : key.digests().of(all, all);
    }

    /** Whether a source can have rows of theirs. */
    public boolean concern(RowSchema columns) {
        return !rows(columns).isEmpty();
    }

    /** Knows their rows in a source; one per thread. */
    public ErasedRows rows(RowSchema columns) {
        // A double is no key, so whoever is erased is not named by it, whatever its column is called.
        List<String> names = columns.columns().stream()
                .filter(column -> column.type() != ColumnType.FLOAT64)
                .map(Column::name)
                .toList();
        return new ErasedRows(within(names), columns);
    }

    /** Knows their keys among those of a view; one per thread. */
    public ErasedKeys keys(List<String> entity) {
        return new ErasedKeys(within(entity), entity);
    }

    /** Those whose columns are all among the given ones. */
    private List<ErasedColumns> within(List<String> columns) {
        List<ErasedColumns> within = new ArrayList<>();
        for (OfColumns group : groups) {
            if (key != null && columns.containsAll(group.columns())) {
                within.add(new ErasedColumns(group, key.digests()));
            }
        }
        return within;
    }
}
