package dev.tidewheel.runtime.warehouse;

import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;

/**
 * How raw tables are made, whoever writes a source's first record: its job, or an import of its history.
 *
 * <p>Partitioned by Kafka's partition, and by topic if the source has several, so that the statistics of its files alone
 * tell how far each partition is written.
 */
public final class RawTables {
    private static final Map<String, String> PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION,
            "2",
            TableProperties.PARQUET_COMPRESSION,
            "zstd",
            // A dictionary of distinct ids or payloads never pays: the writer builds it, and then gives it up.
            TableProperties.PARQUET_DICT_SIZE_BYTES,
            Integer.toString(64 * 1024),
            TableProperties.WRITE_DISTRIBUTION_MODE,
            TableProperties.WRITE_DISTRIBUTION_MODE_NONE,
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED,
            "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX,
            "20");

    private RawTables() {}

    /** The table's name in the catalog. */
    public static TableIdentifier name(String source) {
        return TableIdentifier.of("raw", source);
    }

    /**
     * The table of a source, new if there was none.
     *
     * @param byTopic whether it may have the records of several topics; says nothing of a table that is there
     */
    public static Table createOrLoad(Catalog catalog, String source, boolean byTopic, Schema schema) {
        TableIdentifier name = name(source);
        createNamespace(catalog, name.namespace());
        if (catalog.tableExists(name)) {
            return catalog.loadTable(name);
        }
        try {
            return catalog.createTable(name, schema, byPartition(byTopic, schema), PROPERTIES);
        } catch (AlreadyExistsException raced) {
            return catalog.loadTable(name);
        }
    }

    private static PartitionSpec byPartition(boolean byTopic, Schema schema) {
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema).identity(RawSchema.PARTITION);
        return (byTopic ? spec.identity(RawSchema.TOPIC) : spec).build();
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
}
