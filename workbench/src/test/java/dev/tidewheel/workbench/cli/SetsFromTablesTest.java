package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training sets from the raw tables of a warehouse, as a person types it. */
class SetsFromTablesTest {
    @TempDir
    private Path folder;

    private FlightsWarehouse warehouse;

    @BeforeEach
    void write() throws IOException {
        warehouse = FlightsWarehouse.create(folder);
        warehouse.append(600);
    }

    @Test
    void anErasureIsToldWhenTheSetIsBuiltAgain() throws Exception {
        assertThat(build("a").code()).isEqualTo(ExitCode.OK);
        TrainingSetManifest before = manifest("a");
        byte[] data = Files.readAllBytes(folder.resolve("a/data-00000.parquet"));
        warehouse.append(30);
        warehouse.expire();
        assertThat(build("a").code()).as("the same bytes after expiry").isEqualTo(ExitCode.OK);

        long erased = warehouse.erase("D1");

        Printed again = build("a", "--output", "json");
        assertThat(again.code()).isEqualTo(ExitCode.NOT_SOUND);
        long gone = again.json().at("/erasedSince/rows").asLong();
        long read = again.json().at("/erasedSince/read").asLong();
        assertThat(gone).as("a flight to D1 asks no more").isBetween(1L, erased);
        assertThat(read).isBetween(gone, erased);
        assertThat(manifest("a")).as("left as it is").isEqualTo(before);
        assertThat(folder.resolve("a/data-00000.parquet")).hasBinaryContent(data);
        assertThat(build("a").text())
                .contains(String.format("%,d rows of its sources told of entities that were erased since", read))
                .contains("--same-as");

        Printed without =
                build("a", "--same-as", folder.resolve("a/manifest.json").toString());
        assertThat(without.code()).isEqualTo(ExitCode.NOT_SOUND);
        assertThat(manifest("a").rows()).isEqualTo(before.rows() - gone);
        assertThat(manifest("a").data().get("flights").snapshotId())
                .isEqualTo(before.data().get("flights").snapshotId());
        assertThat(build("a").code()).as("what is there has nothing of them").isEqualTo(ExitCode.OK);
        assertThat(build("a").text()).contains("without " + read + " rows of erased entities");
    }

    private TrainingSetManifest manifest(String set) throws IOException {
        return TrainingSet.open(folder.resolve(set)).manifest();
    }

    private Printed build(String out, String... more) {
        List<String> command = new ArrayList<>(List.of("training-set", "--model", "late-arrival"));
        command.addAll(List.of("--definitions", "../examples/flights"));
        command.addAll(warehouse.options());
        command.addAll(List.of("--out", folder.resolve(out).toString()));
        command.addAll(List.of(more));
        return Printed.by(command);
    }

    /** What a command printed, and how it ended. */
    private record Printed(int code, String text) {
        static Printed by(List<String> command) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            PrintStream before = System.out;
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            try {
                int code = Tidewheel.run(command.toArray(String[]::new));
                return new Printed(code, printed.toString(StandardCharsets.UTF_8));
            } finally {
                System.setOut(before);
            }
        }

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(text);
        }
    }
}
