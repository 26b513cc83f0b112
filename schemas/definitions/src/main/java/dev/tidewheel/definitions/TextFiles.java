package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.problem.ProblemCode;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of a folder of definitions. */
final class TextFiles {
    private static final int MAX_BYTES = 1 << 20;

    private final Path folder;
    private final Problems problems;

    TextFiles(Path folder, Problems problems) {
        this.folder = folder;
        this.problems = problems;
    }

    /** The names of the YAML files, sorted. */
    List<String> definitions() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".yaml") || name.endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            problems.add(
                    Place.startOf(folder.toString()),
                    ProblemCode.UNREADABLE_FILE,
                    "the folder cannot be read; name a folder with *.yaml files");
            return List.of();
        }
    }

    /** The text of a file; a problem at its beginning if it cannot be read. */
    Optional<String> read(String file) {
        try {
            long size = Files.size(folder.resolve(file));
            if (size > MAX_BYTES) {
                return unreadable(file, "the file has " + size + " bytes; split it into files of at most " + MAX_BYTES);
            }
            return decoded(file, Files.readAllBytes(folder.resolve(file)));
        } catch (IOException unreadable) {
            return unreadable(file, "the file cannot be read; check that it exists and may be read");
        }
    }

    private Optional<String> decoded(String file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException notUtf8) {
            return unreadable(file, "the file is not UTF-8; save it as UTF-8");
        }
    }

    private Optional<String> unreadable(String file, String message) {
        problems.add(Place.startOf(file), ProblemCode.UNREADABLE_FILE, message);
        return Optional.empty();
    }

    /** The Avro schema in a file that a definition names; a problem there if there is no such file. */
    Optional<Yaml> schema(Yaml.Scalar name) {
        if (!exists(name.text())) {
            problems.add(
                    name.place(),
                    ProblemCode.BAD_SCHEMA,
                    "there is no file " + name.what() + "; name an Avro schema beside this file, such as flight.avsc");
            return Optional.empty();
        }
        // JSON may be indented with tabs, YAML may not; a tab inside a JSON string is an escape.
        int before = problems.count();
        Optional<Yaml> schema = read(name.text())
                .map(text -> YamlReader.read(name.text(), text.replace('\t', ' '), problems))
                .flatMap(documents -> documents.stream().findFirst());
        if (schema.isEmpty() && problems.count() == before) {
            problems.add(
                    Place.startOf(name.text()), ProblemCode.BAD_SCHEMA, "the schema is empty; write an Avro record");
        }
        return schema;
    }

    private boolean exists(String name) {
        try {
            return Files.isRegularFile(folder.resolve(name));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
