package dev.tidewheel.runtime.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the Iceberg tables are.
 *
 * @param path folder that holds the tables' files
 * @param catalog JDBC address of the catalog, such as {@code jdbc:sqlite:/data/catalog.db}
 */
public record WarehouseConfig(Path path, String catalog) {
    /** The name under which every process opens the catalog. Iceberg's JDBC catalog stores it in each row. */
    public static final String CATALOG_NAME = "tidewheel";

    public WarehouseConfig {
        if (!catalog.startsWith("jdbc:")) {
            throw new IllegalArgumentException(
                    "not a JDBC address: '" + Secrets.mask(catalog) + "'; write jdbc:sqlite:/path/catalog.db");
        }
    }

    /**
     * What Iceberg's {@code JdbcCatalog.initialize(CATALOG_NAME, properties)} needs.
     *
     * @param fileIo class name of the {@code FileIO} to use
     */
    public Map<String, String> catalogProperties(String fileIo) {
        return Map.of(
                "uri",
                catalog,
                "warehouse",
                path.toAbsolutePath().normalize().toString(),
                "jdbc.schema-version",
                "V1",
                "io-impl",
                fileIo,
                // One connection: SQLite lets one writer in and reports the second as an error.
                "clients",
                "1");
    }

    @Override
    public String toString() {
        return "WarehouseConfig[path=" + path + ", catalog=" + Secrets.mask(catalog) + "]";
    }
}
