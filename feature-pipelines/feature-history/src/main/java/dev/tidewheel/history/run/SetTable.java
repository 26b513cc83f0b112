package dev.tidewheel.history.run;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.training.SetFile;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.warehouse.Warehouse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A training set as an Iceberg table: its columns and {@value #SPLIT}, the part of the set that a row belongs to, by which the
 * table is partitioned. The data files, of {@link dev.tidewheel.history.parquet.RowLayout#TABLE}, are named by their digests.
 * The manifest stands in the summary of the snapshot that brought them. Not thread-safe.
 */
public final class SetTable {
    /** The column that a folder tells by the names of its files. */
    public static final String SPLIT = "split";

    private static final String MANIFEST = "tidewheel.manifest";

    private final Warehouse warehouse;
    private final TableIdentifier name;

    /** @param name such as {@code sets.late} */
    public SetTable(Warehouse warehouse, String name) {
        this.warehouse = warehouse;
        this.name = TableIdentifier.parse(name);
        if (!this.name.hasNamespace()) {
            throw new IllegalArgumentException(
                    "table '" + name + "' has no namespace: write one, such as sets." + name);
        }
        if (Warehouse.isOfJobs(this.name)) {
            throw new IllegalArgumentException("table '" + name
                    + "' is among those that jobs write: name another one, such as sets." + this.name.name());
        }
    }

    /**
     * The manifest of the set that the table holds; empty if there is no such table yet, or nothing in it.
     *
     * @throws IllegalArgumentException if the table holds something else
     */
    public Optional<TrainingSetManifest> manifest() throws IOException {
        if (!warehouse.catalog().tableExists(name)) {
            return Optional.empty();
        }
        Snapshot newest = warehouse.catalog().loadTable(name).currentSnapshot();
        if (newest == null) {
            return Optional.empty();
        }
        String manifest = newest.summary().get(MANIFEST);
        if (manifest == null) {
            throw new IllegalArgumentException(
                    "table " + name + " holds something else than a training set: name another one");
        }
        return Optional.of(TrainingSetManifest.parse(manifest, name.toString()));
    }

    /** The manifests of all sets that a table holds or held, as far as their snapshots have not expired; none if it is no set's. */
    public static List<TrainingSetManifest> manifests(Warehouse warehouse, TableIdentifier name) throws IOException {
        List<TrainingSetManifest> manifests = new ArrayList<>();
        for (Snapshot snapshot : warehouse.catalog().loadTable(name).snapshots()) {
            String manifest = snapshot.summary().get(MANIFEST);
            if (manifest != null) {
                manifests.add(TrainingSetManifest.parse(manifest, name.toString()));
            }
        }
        return manifests;
    }

    /**
     * Puts a set into the table in one commit, in the place of what it held; readers of older snapshots go on to see that.
     *
     * @param folder with the set's files, laid out for a table
     * @throws IllegalArgumentException if the table has other columns
     */
    public void put(Path folder, TrainingSetManifest manifest) throws IOException {
        Table table = open(schema(manifest.columns()));
        List<DataFile> files = new ArrayList<>();
        for (SetFile file : manifest.files()) {
            if (file.rows() > 0) {
                files.add(data(table, folder, file));
            }
        }
        OverwriteFiles commit = table.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
        files.forEach(commit::addFile);
        commit.set(MANIFEST, manifest.toJson()).commit();
    }

    private Table open(Schema schema) {
        if (warehouse.catalog().tableExists(name)) {
            Table table = warehouse.catalog().loadTable(name);
            if (!table.schema().sameSchema(schema)) {
                throw new IllegalArgumentException(
                        "table " + name + " has other columns than the set: name another one");
            }
            return table;
        }
        if (!warehouse.catalog().namespaceExists(name.namespace())) {
            warehouse.catalog().createNamespace(name.namespace());
        }
        return warehouse
                .catalog()
                .createTable(
                        name,
                        schema,
                        PartitionSpec.builderFor(schema).identity(SPLIT).build());
    }

    private static Schema schema(List<ColumnOf> columns) {
        List<Types.NestedField> fields = new ArrayList<>();
        for (ColumnOf column : columns) {
            if (column.name().equals(SPLIT)) {
                throw new IllegalArgumentException("the set has a column '" + SPLIT
                        + "', and so has every table of a training set: rename that of the questions");
            }
            fields.add(Types.NestedField.optional(fields.size() + 1, column.name(), type(column.type())));
        }
        fields.add(Types.NestedField.optional(fields.size() + 1, SPLIT, Types.StringType.get()));
        return new Schema(fields);
    }

    private static Type type(ColumnType type) {
        return switch (type) {
            case INT64 -> Types.LongType.get();
            case FLOAT64 -> Types.DoubleType.get();
            case BOOL -> Types.BooleanType.get();
            case STRING, JSON -> Types.StringType.get();
            case TIMESTAMP -> Types.TimestampType.withZone();
        };
    }

    private static DataFile data(Table table, Path folder, SetFile file) throws IOException {
        String digest = file.digest().substring(file.digest().indexOf(':') + 1);
        String location = table.locationProvider().newDataLocation(digest + ".parquet");
        Path from = folder.resolve(file.name());
        InputFile there = table.io().newInputFile(location);
        // The name is that of the bytes; what was half written by somebody who was killed is shorter.
        if (!there.exists() || there.getLength() != Files.size(from)) {
            try (InputStream in = Files.newInputStream(from);
                    OutputStream out = table.io().newOutputFile(location).createOrOverwrite()) {
                in.transferTo(out);
            }
        }
        InputFile written = table.io().newInputFile(location);
        Metrics metrics = ParquetUtil.fileMetrics(written, MetricsConfig.forTable(table));
        return DataFiles.builder(table.spec())
                .withInputFile(written)
                .withFormat(FileFormat.PARQUET)
                .withPartitionValues(List.of(file.split()))
                .withMetrics(metrics)
                .build();
    }
}
