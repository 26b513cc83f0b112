package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The records that stand in savepoints as themselves: what a release wrote of them, with the description of the
 * serialiser that wrote it, is read by today's. The states of keys are bytes of our own, pinned where they are made. A
 * whole savepoint is held by RetainedSavepointTest; this says which record it was.
 */
class StateFormatsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/state");

    /**
     * One record, with values in every field.
     *
     * @param file of the release's bytes: the serialiser's snapshot, then the record
     */
    private record Example<T>(String file, Class<T> type, T value) {

        TypeSerializer<T> serializer() {
            return TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Example<?>> examples() {
        return Stream.of(
                new Example<>(
                        "stage-progress.v1",
                        StageProgress.class,
                        StageProgress.of(
                                new TreeMap<>(Map.of(0, 10L, 1, 7_000_000_000L)),
                                978_307_200_000L,
                                1_025_823_948_800_001L,
                                "run/replication",
                                List.of("a@1", "b@2"))),
                new Example<>("view-fingerprint.v1", ViewFingerprint.class, new ViewFingerprint("a@1", 0x811C9DC5)),
                new Example<>("seen-id-text.v1", SeenId.class, new SeenId(false, "flight 7", 0, 0)),
                new Example<>("seen-id-position.v1", SeenId.class, new SeenId(true, "topic", 3, -1)),
                new Example<>(
                        "sighting.v1", Sighting.class, new Sighting(978_307_200_001L, 271_752, new String[] {"a@1"})));
    }

    @ParameterizedTest
    @MethodSource("examples")
    <T> void whatAReleaseWroteIsRead(Example<T> example) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(golden(example));
        TypeSerializerSnapshot<T> written =
                TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
        TypeSerializer<T> today = example.serializer();

        var compatibility = today.snapshotConfiguration().resolveSchemaCompatibility(written);

        assertThat(compatibility.isIncompatible())
                .as("%s: Flink would refuse every savepoint of the release", example)
                .isFalse();
        T read = written.restoreSerializer().deserialize(in);
        assertThat(in.available()).isZero();
        assertThat(read).usingRecursiveComparison().isEqualTo(example.value());
    }

    /** A change of shape is a new release: add its bytes beside the old ones, and never touch those. */
    @ParameterizedTest
    @MethodSource("examples")
    <T> void todaysBytesAreThoseOfTheLastRelease(Example<T> example) throws IOException {
        assertThat(HexFormat.of().formatHex(bytes(example)))
                .isEqualTo(HexFormat.of().formatHex(golden(example)));
    }

    @Test
    void everyPinnedFileIsRead() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            examples().map(example -> example.file() + ".hex").toList());
        }
    }

    private static <T> byte[] bytes(Example<T> example) throws IOException {
        TypeSerializer<T> serializer = example.serializer();
        DataOutputSerializer out = new DataOutputSerializer(256);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        serializer.serialize(example.value(), out);
        return out.getCopyOfBuffer();
    }

    /** With {@code -Dstate.release=true} the bytes of a new example are written first. */
    private static byte[] golden(Example<?> example) throws IOException {
        Path file = GOLDEN.resolve(example.file() + ".hex");
        if (Boolean.getBoolean("state.release") && Files.notExists(file)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, HexFormat.of().formatHex(bytes(example)) + "\n");
        }
        return HexFormat.of().parseHex(Files.readString(file).strip());
    }
}
