package dev.tidewheel.workbench.sets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.parquet.RowLayout;
import dev.tidewheel.history.run.FileHistories.HistoryFile;
import dev.tidewheel.history.run.SetTable;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.Origin;
import dev.tidewheel.history.training.AskedFor;
import dev.tidewheel.history.training.SetFile;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.training.TrainingSetManifest.Data;
import dev.tidewheel.history.training.TrainingSetManifest.ImportOf;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an earlier command of the same kind made, and read: the same command later reads it again. */
public final class Earlier {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainingSetManifest manifest;
    private final String where;
    private final RowLayout layout;

    /**
     * @param where its manifest is, for messages
     * @param layout of its files
     */
    public Earlier(TrainingSetManifest manifest, String where, RowLayout layout) {
        this.manifest = manifest;
        this.where = where;
        this.layout = layout;
    }

    /**
     * The set of a manifest, or in a table of the warehouse.
     *
     * @throws WorkbenchException if there is none
     */
    public static Earlier of(Place place, OpenHistory history) throws IOException {
        if (place instanceof Place.OfFile file) {
            if (!Files.isRegularFile(file.path())) {
                throw new WorkbenchException("there is no manifest " + file.path());
            }
            return new Earlier(
                    TrainingSetManifest.read(file.path()), file.path().toString(), RowLayout.FILE);
        }
        String name = ((Place.OfTable) place).name();
        try {
            return new SetTable(history.requireWarehouse("table " + name), name)
                    .manifest()
                    .map(manifest -> new Earlier(manifest, "the set in table " + name, RowLayout.TABLE))
                    .orElseThrow(() -> new WorkbenchException("there is no training set in table " + name));
        } catch (IllegalArgumentException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The snapshots that it read, by source. */
    public Map<String, Long> snapshots() {
        Map<String, Long> snapshots = new TreeMap<>();
        manifest.data().forEach((name, data) -> {
            if (data.snapshotId() != null) {
                snapshots.put(name, data.snapshotId());
            }
        });
        return snapshots;
    }

    /** The snapshot of a table of questions or labels. */
    public Optional<Long> snapshot(String name) {
        return Optional.ofNullable(manifest.data().get(name)).map(Data::snapshotId);
    }

    /** By how much its questions saw less than was visible. */
    public Duration servingDelay() {
        return Duration.parse(manifest.servingDelay());
    }

    /** The lineages as the registry had them then. */
    public Map<String, Long> lineages() {
        return manifest.lineages();
    }

    /** The imports that these lineages were begun with, as far as the set had any, by view; none of views that it does not say. */
    public Map<String, Set<Integer>> imports() {
        Set<Integer> all = manifest.data().values().stream()
                .flatMap(data -> data.imports().stream())
                .map(ImportOf::number)
                .collect(Collectors.toSet());
        Map<String, Set<Integer>> imports = new TreeMap<>();
        manifest.views().forEach((view, of) -> {
            List<Integer> lacking = of.withoutImports();
            if (lacking != null) {
                Set<Integer> has = new TreeSet<>(all);
                has.removeAll(lacking);
                imports.put(view, has);
            }
        });
        return imports;
    }

    /**
     * Whether a set is the same, byte for byte; where its files are laid out otherwise, whether it has as many rows in each
     * file, for then bytes say nothing.
     */
    public boolean isSame(TrainingSetManifest other, RowLayout layout) {
        return isComparable(layout)
                ? manifest.digest().equals(other.digest())
                : rows(manifest).equals(rows(other));
    }

    /** Whether files of a layout can have the bytes of this set. */
    public boolean isComparable(RowLayout other) {
        return layout == other;
    }

    private static List<Long> rows(TrainingSetManifest of) {
        return of.files().stream().map(SetFile::rows).toList();
    }

    /**
     * What went with entities that were erased since.
     *
     * @param read of the sources that it was built from, rows that another set of the same snapshots did without
     * @param asked rows of the set, which are no rows of the other
     */
    public record Gone(long read, long asked) {}

    /** What a set lacks because entities were erased; empty if none was since. */
    public Optional<Gone> gone(TrainingSetManifest other) {
        long read = other.erasedRows() - manifest.erasedRows();
        return read == 0 ? Optional.empty() : Optional.of(new Gone(read, manifest.rows() - other.rows()));
    }

    /**
     * @throws WorkbenchException if something else was asked for than now
     */
    public void requireSame(AskedFor asked) {
        AskedFor then = manifest.asked();
        AskedFor now = then.delayMeasured() == null ? asked.ofUnknownDelay() : asked;
        if (!then.equals(now)) {
            JsonNode before = JSON.valueToTree(then);
            JsonNode after = JSON.valueToTree(now);
            TreeSet<String> names = new TreeSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            StringBuilder text = new StringBuilder(where + " is of another training set:");
            for (String name : names) {
                if (!before.path(name).equals(after.path(name))) {
                    text.append("\n  ").append(name).append(" was ").append(text(before.path(name)));
                    text.append(", now it is ").append(text(after.path(name)));
                }
            }
            throw new WorkbenchException(text + "\nName another folder, or replace what is there with --fresh");
        }
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "not said" : value.toString();
    }

    /** A source was a file then as it is now, or was none. */
    private void requireSamePlaces(Set<String> now) {
        manifest.data().forEach((name, data) -> {
            boolean wasFile = data.digest() != null;
            boolean isRows = name.equals(TrainingSetManifest.QUESTIONS) || name.equals(TrainingSetManifest.LABELS);
            if (!isRows && wasFile != now.contains(name)) {
                throw new WorkbenchException("the history of source '" + name + "' was read from "
                        + (wasFile ? "the file " : "the table ") + data.name() + " by " + where
                        + "; take that one, or build the set anew with --fresh");
            }
        });
    }

    /**
     * @param now the histories that stand in files, by source
     * @throws WorkbenchException if they are not what was read then
     */
    public void requireSameHistories(Map<String, HistoryFile> now) throws IOException {
        requireSamePlaces(now.keySet());
        for (Map.Entry<String, HistoryFile> file : now.entrySet()) {
            Path path = file.getValue().path();
            String name = String.valueOf(path.getFileName());
            requireSameFile(
                    file.getKey(),
                    new Origin.File(name, FileDigest.of(path), file.getValue().computed()));
        }
    }

    private void requireSameFile(String source, Origin.File now) {
        Data data = manifest.data().get(source);
        if (data != null && !data.equals(Data.of(now))) {
            throw new WorkbenchException(
                    "the history of source '" + source + "' is not that of " + where + ", which is "
                            + data.name() + " with " + data.digest() + " and computes " + data.computed()
                            + "; take that one, or build the set anew with --fresh");
        }
    }
}
