package dev.tidewheel.workbench.sets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.run.SetTable;
import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The tags by which training sets hold snapshots of a warehouse's tables, and who names them. For one thread. */
public final class SetTags {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** How far below a folder sets are looked for. */
    private static final int DEPTH = 4;

    private final Warehouse warehouse;
    private final Map<String, SortedSet<String>> names = new HashMap<>();

    public SetTags(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /**
     * One tag of one table.
     *
     * @param committed when the snapshot was, epoch milliseconds
     * @param rows of the table that the snapshot has
     * @param namedBy sets and versions of models
     */
    public record SetTag(
            String table, String tag, long snapshotId, long committed, long rows, SortedSet<String> namedBy) {
        public SetTag {
            namedBy = new TreeSet<>(namedBy);
        }
    }

    /**
     * Asks the manifests in a folder, and below it, which tags they name.
     *
     * @throws WorkbenchException if there is no such folder
     */
    public SetTags folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new WorkbenchException("there is no folder " + folder);
        }
        List<Path> manifests;
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            manifests = files.filter(file -> file.endsWith(TrainingSetManifest.FILE))
                    .toList();
        }
        for (Path manifest : manifests) {
            note(TrainingSetManifest.read(manifest), "set " + manifest.getParent());
        }
        return this;
    }

    /** Asks the versions of models. */
    public SetTags registry(Collection<Definition> registry) {
        for (Definition entry : registry) {
            if (entry.getKind().equals(ServingRecords.MODEL_VERSION)) {
                JsonNode tag = trainingSet(entry).path("tag");
                if (tag.isTextual()) {
                    note(tag.asText(), "model " + entry.getName());
                }
            }
        }
        return this;
    }

    private static JsonNode trainingSet(Definition version) {
        try {
            return JSON.readTree(version.getBody()).path("trainingSet");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("version " + version.getName() + " in the registry is not JSON", e);
        }
    }

    private void note(TrainingSetManifest set, String who) {
        for (TrainingSetManifest.Data data : set.data().values()) {
            if (data.tag() != null) {
                note(data.tag(), who);
            }
        }
    }

    private void note(String tag, String who) {
        names.computeIfAbsent(tag, unseen -> new TreeSet<>()).add(who);
    }

    /** All of them, the oldest first; sets in tables of the warehouse are asked, too. */
    public List<SetTag> all() throws IOException {
        List<TableIdentifier> tables = tables();
        for (TableIdentifier table : tables) {
            notes(table);
        }
        List<SetTag> found = new ArrayList<>();
        for (TableIdentifier name : tables) {
            Table table = warehouse.catalog().loadTable(name);
            for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
                if (ref.getValue().isTag() && ref.getKey().startsWith(TrainingSets.TAG)) {
                    found.add(tag(
                            name, ref.getKey(), table.snapshot(ref.getValue().snapshotId())));
                }
            }
        }
        found.sort((left, right) -> {
            int byAge = Long.compare(left.committed, right.committed);
            return byAge != 0 ? byAge : (left.tag + left.table).compareTo(right.tag + right.table);
        });
        return found;
    }

    private List<TableIdentifier> tables() {
        List<TableIdentifier> tables = new ArrayList<>();
        for (Namespace namespace : warehouse.catalog().listNamespaces()) {
            tables.addAll(warehouse.catalog().listTables(namespace));
        }
        return tables;
    }

    /** A set in a table may be read at any of its snapshots. */
    private void notes(TableIdentifier name) throws IOException {
        for (TrainingSetManifest manifest : SetTable.manifests(warehouse, name)) {
            note(manifest, "table " + name);
        }
    }

    private SetTag tag(TableIdentifier table, String tag, Snapshot snapshot) {
        String rows = snapshot.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0");
        return new SetTag(
                table.toString(),
                tag,
                snapshot.snapshotId(),
                snapshot.timestampMillis(),
                Long.parseLong(rows),
                names.getOrDefault(tag, new TreeSet<>()));
    }

    /** Releases a tag: what only its snapshot needs goes with the next expiry. */
    public void release(SetTag tag) {
        warehouse
                .catalog()
                .loadTable(TableIdentifier.parse(tag.table))
                .manageSnapshots()
                .removeTag(tag.tag)
                .commit();
    }
}
