package dev.tidewheel.monitoring.table;

import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.warehouse.LocalFileIO;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;

/** The warehouse's tables of monitoring: creates those that are missing, and tells how far logs are written. */
public final class Tables {
    private static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION,
            "2",
            TableProperties.PARQUET_COMPRESSION,
            "zstd",
            TableProperties.WRITE_DISTRIBUTION_MODE,
            TableProperties.WRITE_DISTRIBUTION_MODE_NONE,
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED,
            "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX,
            "20");

    private final WarehouseConfig warehouse;

    public Tables(WarehouseConfig warehouse) {
        this.warehouse = warehouse;
    }

    /** Opens a table where the job runs. */
    public TableLoader loader(MonitoringTable table) {
        return TableLoader.fromCatalog(catalog(), table.identifier());
    }

    private CatalogLoader catalog() {
        return CatalogLoader.custom(
                WarehouseConfig.CATALOG_NAME,
                warehouse.catalogProperties(LocalFileIO.class.getName()),
                new Configuration(false),
                JdbcCatalog.class.getName());
    }

    /**
     * Creates a table if it is missing.
     *
     * @return of a log, how far each partition of its topic is written already: partition to next offset
     * @throws IllegalStateException if the table exists with other columns
     */
    public Map<Integer, Long> ensure(MonitoringTable table) {
        Catalog catalog = catalog().loadCatalog();
        try (AutoCloseable closing = catalog instanceof AutoCloseable closeable ? closeable : () -> {}) {
            Table found = createOrLoad(catalog, table);
            if (!found.schema().sameSchema(table.schema())) {
                throw new IllegalStateException("table " + table.identifier() + " has other columns than this version"
                        + " writes: " + found.schema().asStruct() + "; move it away");
            }
            return table.isLog() ? written(found) : Map.of();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the catalog " + warehouse, e);
        }
    }

    private static Table createOrLoad(Catalog catalog, MonitoringTable table) {
        createNamespace(catalog, table.identifier().namespace());
        if (catalog.tableExists(table.identifier())) {
            return catalog.loadTable(table.identifier());
        }
        Schema schema = table.schema();
        try {
            return catalog.createTable(table.identifier(), schema, table.partitioning(schema), PROPERTIES);
        } catch (AlreadyExistsException raced) {
            return catalog.loadTable(table.identifier());
        }
    }

    private static void createNamespace(Catalog catalog, Namespace namespace) {
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException raced) {
                // Somebody else was as quick: what was wanted is there.
            }
        }
    }

    /** Partition to next offset, from the upper bounds of the data files. */
    private static Map<Integer, Long> written(Table table) {
        NestedField offset = table.schema().findField(MonitoringTable.OFFSET);
        Map<Integer, Long> next = new TreeMap<>();
        try (CloseableIterable<FileScanTask> files =
                table.newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : files) {
                DataFile file = task.file();
                next.merge(file.partition().get(0, Integer.class), greatest(file, offset) + 1, Math::max);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + table.name(), e);
        }
        return next;
    }

    private static long greatest(DataFile file, NestedField offset) {
        ByteBuffer bound = file.upperBounds().get(offset.fieldId());
        if (bound == null) {
            throw new IllegalStateException(
                    file.location() + " has no upper bound of " + offset.name() + ": it was not written by this job");
        }
        return Conversions.<Long>fromByteBuffer(offset.type(), bound);
    }
}
