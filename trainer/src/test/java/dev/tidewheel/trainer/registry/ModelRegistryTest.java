package dev.tidewheel.trainer.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.trainer.evaluation.Evaluation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {

    private static final byte[] ONNX = "one".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "other".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private ModelRegistry registry;

    @BeforeEach
    void open() {
        registry = new ModelRegistry(folder.resolve("models"));
    }

    @Test
    void what_is_registered_is_read_back() throws IOException {
        assertThat(registry.register(manifest("1", ONNX), ONNX)).isTrue();
        ModelRegistry.Registered there = registry.read("late", "1");
        assertThat(there.manifest()).isEqualTo(manifest("1", ONNX));
        assertThat(there.onnx()).isEqualTo(ONNX);
    }

    @Test
    void the_same_again_changes_nothing() throws IOException {
        registry.register(manifest("1", ONNX), ONNX);
        assertThat(registry.register(manifest("1", ONNX), ONNX)).isFalse();
        assertThat(names(folder.resolve("models/late"))).containsExactly("1");
        assertThat(names(folder.resolve("models/late/1"))).containsExactly("model.json", "model.onnx");
    }

    @Test
    void another_model_under_a_used_version_is_refused() throws IOException {
        registry.register(manifest("1", ONNX), ONNX);
        assertThatThrownBy(() -> registry.register(manifest("1", OTHER), OTHER))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("late/1")
                .hasMessageContaining("choose a new version");
        assertThat(registry.read("late", "1").onnx()).isEqualTo(ONNX);
        assertThat(names(folder.resolve("models/late")))
                .as("nothing left behind")
                .containsExactly("1");
    }

    @Test
    void of_many_at_once_one_wins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> writers = Stream.of("a", "b", "c", "d", "e", "f", "g", "h")
                    .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                    .map(onnx -> (Callable<Boolean>) () -> wins(onnx))
                    .toList();
            int winners = 0;
            for (Future<Boolean> outcome : threads.invokeAll(writers)) {
                winners += outcome.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
            assertThat(registry.read("late", "1").manifest().version()).isEqualTo("1");
            assertThat(names(folder.resolve("models/late"))).containsExactly("1");
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean wins(byte[] onnx) throws IOException {
        try {
            return registry.register(manifest("1", onnx), onnx);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    @Test
    void a_changed_artifact_is_refused() throws IOException {
        registry.register(manifest("1", ONNX), ONNX);
        Files.write(folder.resolve("models/late/1/model.onnx"), OTHER);
        assertThatThrownBy(() -> registry.read("late", "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the file was changed");
    }

    @Test
    void a_manifest_must_belong_to_its_artifact() {
        assertThatThrownBy(() -> registry.register(manifest("1", ONNX), OTHER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its manifest says");
    }

    @Test
    void names_stay_in_the_registry() {
        assertThatThrownBy(() -> registry.read("..", "1")).hasMessageStartingWith("not a model: '..'");
        assertThatThrownBy(() -> registry.register(manifest("../1", ONNX), ONNX))
                .hasMessageStartingWith("not a version: '../1'");
        assertThatThrownBy(() -> registry.read("late", "9")).isInstanceOf(NoSuchFileException.class);
    }

    private static ModelManifest manifest(String version, byte[] onnx) {
        return new ModelManifest(
                "late",
                version,
                ModelRegistry.digest(onnx),
                "departure",
                "sha256:service",
                List.of("distance", "hour"),
                new ModelManifest.TrainedOn(
                        "raw.flights",
                        42L,
                        "training-1",
                        "2001-01-08T00:00:00Z",
                        "2001-02-01T00:00:00Z",
                        2,
                        "sha256:rows",
                        "POINT_IN_TIME",
                        "PT0S"),
                null,
                Evaluation.of(new double[] {0.2, 0.7}, new boolean[] {false, true}));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
