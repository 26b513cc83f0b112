package dev.tidewheel.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.problem.Problem;
import dev.tidewheel.definitions.problem.Problems;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every scalar of the valid definitions, keys too, changed once in several ways. The result is a problem inside one of
 * the files, or definitions that mean what the text says: equal where the change has no meaning, different where it has.
 * Nothing that is written is ignored, and nothing throws.
 */
class MutatedDefinitionsTest {
    /** Each scalar is changed in every n-th way; over the scalars, all ways have their turn. */
    private static final int STRIDE = 7;

    @TempDir
    private Path folder;

    private static final Map<String, UnaryOperator<String>> HARMFUL = harmful();

    private static Map<String, UnaryOperator<String>> harmful() {
        Map<String, UnaryOperator<String>> mutations = new LinkedHashMap<>();
        mutations.put("nothing", raw -> "");
        mutations.put("null", raw -> "null");
        mutations.put("empty text", raw -> "''");
        mutations.put("a list", raw -> "[x]");
        mutations.put("a mapping", raw -> "{x: 1}");
        mutations.put("another word", raw -> "zzz");
        mutations.put("a number", raw -> "7");
        mutations.put("a huge number", raw -> "1" + "0".repeat(400));
        mutations.put("a negative number", raw -> "-1");
        mutations.put("not a number", raw -> ".nan");
        mutations.put("an instant", raw -> "2001-02-01T08:00:00Z");
        mutations.put("one letter less", raw -> raw.length() < 2 ? raw + "x" : raw.substring(0, raw.length() - 1));
        mutations.put("one letter more", raw -> raw + "x");
        mutations.put("an open quote", raw -> "'" + raw);
        mutations.put("a control character", raw -> "\"a\\u0007b\"");
        mutations.put("a lone surrogate", raw -> "\"\\ud800\"");
        mutations.put("an alias", raw -> "*a");
        mutations.put("a tag", raw -> "!!int 1");
        mutations.put("a reserved word", raw -> "in");
        mutations.put("a very long text", raw -> "a".repeat(5000));
        return mutations;
    }

    @Test
    void aChangeIsAProblemOrMeansWhatItSays() throws IOException {
        Map<String, String> files = files();
        write(files);
        List<RegistryEntry> original = Definitions.load(folder).toRegistry();
        int turn = new Random().nextInt(STRIDE);
        String start = "beginning with turn " + turn + ": ";
        int problems = 0;
        int different = 0;
        int equal = 0;
        for (Map.Entry<String, String> file : files.entrySet()) {
            for (int[] scalar : scalars(file.getKey(), file.getValue())) {
                String raw = file.getValue().substring(scalar[0], scalar[1]);
                for (Map.Entry<String, UnaryOperator<String>> mutation : HARMFUL.entrySet()) {
                    if (turn++ % STRIDE != 0) {
                        continue;
                    }
                    String mutated = mutation.getValue().apply(raw);
                    String what = start + file.getKey() + " at " + scalar[0] + ": " + raw + " → " + mutation.getKey();
                    Definitions result = mutate(file, scalar, mutated);
                    if (result.problems().isEmpty()) {
                        if (consistent(what, result, original)) {
                            equal++;
                        } else {
                            different++;
                        }
                    } else {
                        problems++;
                        inside(what, result.problems(), files);
                    }
                }
                turn++;
                restore(file);
            }
        }
        System.out.printf(
                "MutatedDefinitionsTest: %d changes are problems, %d mean something else, %d the same%n",
                problems, different, equal);
        // Otherwise the mutations have degenerated and the test proves nothing.
        assertThat(problems).isGreaterThan(700);
        assertThat(different).isGreaterThan(15);
    }

    /** What loads can be published, read back, and tested. Whether it is what was published before. */
    private static boolean consistent(String what, Definitions result, List<RegistryEntry> original) {
        List<RegistryEntry> published = result.toRegistry();
        List<String> bodies = published.stream().map(RegistryEntry::body).toList();
        assertThat(Definitions.fromRegistry(bodies).toRegistry()).as(what).isEqualTo(published);
        assertThat(DefinitionTests.run(result)).as(what).isNotNull();
        return published.equals(original);
    }

    private static void inside(String what, List<Problem> problems, Map<String, String> files) {
        for (Problem problem : problems) {
            assertThat(files).as(what).containsKey(problem.file());
            assertThat((long) problem.line())
                    .as(what + ": " + problem)
                    .isBetween(1L, files.get(problem.file()).lines().count() + 1);
            assertThat(problem.column()).as(what + ": " + problem).isPositive();
        }
    }

    @Test
    void quotesMeanNothing() throws IOException {
        Map<String, String> files = files();
        write(files);
        List<RegistryEntry> original = Definitions.load(folder).toRegistry();
        for (Map.Entry<String, String> file : files.entrySet()) {
            for (int[] scalar : scalars(file.getKey(), file.getValue())) {
                String raw = file.getValue().substring(scalar[0], scalar[1]);
                if (raw.matches("[A-Za-z_][\\w.-]*") && !raw.equals("null")) {
                    assertThat(mutate(file, scalar, "\"" + raw + "\"").toRegistry())
                            .as(file.getKey() + " at " + scalar[0] + ": " + raw)
                            .isEqualTo(original);
                    restore(file);
                }
            }
        }
    }

    /** Bytes at random places of the files, changed at random. */
    @Test
    void garbageNeverThrows() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, String> files = files();
        write(files);
        List<String> names = List.copyOf(files.keySet());
        for (int i = 0; i < 300; i++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = files.get(name).getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(8); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : (byte) "[]{}:,'\"#&*!|>-\n\t ".charAt(random.nextInt(18));
            }
            Files.write(folder.resolve(name), bytes);
            Definitions result = Definitions.load(folder);
            assertThat(result.problems()).as("seed " + seed + ", round " + i).isNotNull();
            Files.writeString(folder.resolve(name), files.get(name));
        }
    }

    private Definitions mutate(Map.Entry<String, String> file, int[] scalar, String mutated) throws IOException {
        String text = file.getValue();
        Files.writeString(
                folder.resolve(file.getKey()), text.substring(0, scalar[0]) + mutated + text.substring(scalar[1]));
        return Definitions.load(folder);
    }

    private void restore(Map.Entry<String, String> file) throws IOException {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }

    private void write(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            restore(file);
        }
    }

    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("every-key.yaml", EveryKey.ALL);
        files.put("every-key-of-a-view.yaml", EveryKey.VIEW);
        try (Stream<Path> paths = Files.list(DefinitionsTest.FLIGHTS)) {
            for (Path path : paths.sorted().toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(".yaml") || name.endsWith(".avsc")) {
                    files.put(name, Files.readString(path));
                }
            }
        }
        return files;
    }

    /** Where the scalars of a file begin and end. */
    private static List<int[]> scalars(String file, String text) {
        List<int[]> scalars = new ArrayList<>();
        int[] lineStarts = text.lines().mapToInt(String::length).toArray();
        YamlReader.read(file, text, new Problems()).forEach(document -> collect(document, lineStarts, scalars));
        return scalars;
    }

    private static void collect(Yaml node, int[] lineLengths, List<int[]> scalars) {
        if (node instanceof Yaml.Scalar scalar) {
            int start = scalar.place().column() - 1;
            for (int line = 0; line < scalar.place().line() - 1; line++) {
                start += lineLengths[line] + 1;
            }
            scalars.add(new int[] {start, start + scalar.raw().length()});
        } else if (node instanceof Yaml.Sequence sequence) {
            sequence.items().forEach(item -> collect(item, lineLengths, scalars));
        } else if (node instanceof Yaml.Mapping mapping) {
            mapping.entries().forEach(entry -> {
                collect(entry.key(), lineLengths, scalars);
                collect(entry.value(), lineLengths, scalars);
            });
        }
    }
}
