package dev.tidewheel.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Loads a YAML file into a configuration record.
 *
 * <p>A file maps to a record, a key to the component of the same name. Components are {@code String}, {@code int},
 * {@code long}, {@code double}, {@code boolean}, enums (any case), {@link java.time.Duration} ({@code 5ms}),
 * {@link java.time.Instant} (ISO-8601), {@link DataSize} ({@code 64MB}), {@link Path}, {@link java.net.URI}, records,
 * lists, maps with text keys, and {@code Optional} of these. All are required but {@code Optional}, {@code @Nullable} and {@link Default} ones. Unknown
 * keys are errors: a misspelt option must not turn into a default. Ranges are checked by the records' compact
 * constructors, whose {@link IllegalArgumentException} gets the place in the file.
 *
 * <p>Values may hold {@code ${env:NAME}} and {@code ${file:PATH}}; see {@code docs/tasks/configure-a-process.md}.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /** @throws ConfigException with place, key and remedy if the file is missing or does not fit the record */
    public static <T extends Record> T load(Path file, Class<T> type) {
        return parse(read(file), file.toString(), type, System.getenv());
    }

    /**
     * Loads from text, for tests and for texts that are not files.
     *
     * @param name what errors call the text
     * @param environment the variables that {@code ${env:NAME}} sees
     */
    public static <T extends Record> T parse(String yaml, String name, Class<T> type, Map<String, String> environment) {
        ConfigNode root = new ConfigReader(name, new Placeholders(environment)).read(yaml);
        return type.cast(new ConfigBinder().bindRecord(root, type, ""));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file; give the configuration with --config FILE", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e, e);
        }
    }
}
