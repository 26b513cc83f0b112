package dev.tidewheel.runtime.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the Iceberg tables are.
 *
 * @param path folder that holds the tables' files
 * @param catalog JDBC address of the catalog, such as {@code jdbc:sqlite:/data/catalog.db}
 */
public record WarehouseConfig(Path path, String catalog) {
    /** The name under which every process opens the catalog. Iceberg's JDBC catalog stores it in each row. */
    public static final String CATALOG_NAME = "tidewheel";

    private static final String SQLITE = "jdbc:sqlite:";
    private static final String URI = "file:";

    public WarehouseConfig {
        if (!catalog.startsWith("jdbc:")) {
            throw new IllegalArgumentException(
                    "not a JDBC address: '" + Secrets.mask(catalog) + "'; write jdbc:sqlite:/path/catalog.db");
        }
    }

    /** The same for whoever is started in another folder: paths are whole, that of a SQLite file in the address, too. */
    public WarehouseConfig absolute() {
        return new WarehouseConfig(path.toAbsolutePath().normalize(), absolute(catalog));
    }

    /** What is no file, such as {@code :memory:} or {@code file:c.db?mode=memory}, stays as it is. */
    private static String absolute(String catalog) {
        String file = catalog.startsWith(SQLITE) ? catalog.substring(SQLITE.length()) : "";
        if (file.isEmpty() || file.startsWith(":") || file.startsWith("?")) {
            return catalog;
        }
        if (file.startsWith(URI)) {
            return SQLITE + absoluteUri(file);
        }
        int end = file.indexOf('?') < 0 ? file.length() : file.indexOf('?');
        return SQLITE + Path.of(file.substring(0, end)).toAbsolutePath().normalize() + file.substring(end);
    }

    /** The file of a SQLite catalog; empty for another database, and where the address has no plain path. */
    public Optional<Path> catalogFile() {
        String whole = absolute(catalog);
        return whole.startsWith(SQLITE + "/")
                ? Optional.of(Path.of(whole.substring(SQLITE.length()).replaceFirst("[?].*", "")))
                : Optional.empty();
    }

    /** In an address, characters of the folder's name that mean something there are escaped. */
    private static String absoluteUri(String uri) {
        String rest = uri.substring(URI.length());
        if (rest.startsWith("/") || rest.startsWith(":") || rest.isEmpty() || uri.contains("mode=memory")) {
            return uri;
        }
        String folder = Path.of("").toAbsolutePath().toUri().getRawPath();
        return URI + folder + (folder.endsWith("/") ? "" : "/") + rest;
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
