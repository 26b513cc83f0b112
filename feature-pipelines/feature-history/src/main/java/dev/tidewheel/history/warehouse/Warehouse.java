package dev.tidewheel.history.warehouse;

import dev.tidewheel.definitions.Source;
import dev.tidewheel.definitions.Upstream;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.warehouse.LocalFileIO;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** An open catalog of tables in a local folder. Thread-safe; close it, because it holds database connections. */
public final class Warehouse implements AutoCloseable {
    private static final String RAW = "raw";

    /** What jobs of ours commit to. */
    public static final List<Namespace> OF_JOBS = List.of(Namespace.of(RAW), Namespace.of("monitoring"));

    private final JdbcCatalog catalog;

    private Warehouse(JdbcCatalog catalog) {
        this.catalog = catalog;
    }

    /** Whether a table, by its name, is one that jobs of ours commit to, or would be. */
    public static boolean isOfJobs(TableIdentifier table) {
        return OF_JOBS.contains(table.namespace());
    }

    /** Opens, or makes, a warehouse. */
    public static Warehouse open(WarehouseConfig config) {
        JdbcCatalog catalog = new JdbcCatalog();
        catalog.initialize(WarehouseConfig.CATALOG_NAME, config.catalogProperties(LocalFileIO.class.getName()));
        return new Warehouse(catalog);
    }

    /** The catalog itself, for callers that make tables. */
    public JdbcCatalog catalog() {
        return catalog;
    }

    /** Whether the raw table of a source exists. */
    public boolean hasRaw(String source) {
        return catalog.tableExists(TableIdentifier.of(RAW, source));
    }

    /**
     * The raw table of a source, as of now: a later commit is seen by a later call.
     *
     * @throws org.apache.iceberg.exceptions.NoSuchTableException if no feature job has written it yet
     */
    public RawTable raw(String source) {
        TableIdentifier name = TableIdentifier.of(RAW, source);
        Table table = catalog.loadTable(name);
        return new RawTable(name.toString(), table);
    }

    /** The raw table of a source; of a changelog, the rows that are told by its definition, not those of former ones. */
    public RawTable raw(Source source) {
        RawTable raw = raw(source.name());
        return Upstream.isChangelog(source) ? raw.ofTopic(source.only().topic()) : raw;
    }

    /**
     * Any table.
     *
     * @param name such as {@code sets.requests}
     * @throws IllegalArgumentException if there is none of that name
     */
    public PlainTable table(String name) {
        TableIdentifier identifier = TableIdentifier.parse(name);
        if (!catalog.tableExists(identifier)) {
            throw new IllegalArgumentException("the warehouse has no table '" + name + "'");
        }
        return new PlainTable(name, catalog.loadTable(identifier));
    }

    /** The sources that have a raw table. */
    public List<String> rawSources() {
        Namespace raw = Namespace.of(RAW);
        return catalog.namespaceExists(raw)
                ? catalog.listTables(raw).stream()
                        .map(TableIdentifier::name)
                        .sorted()
                        .toList()
                : List.of();
    }

    @Override
    public void close() {
        catalog.close();
    }
}
