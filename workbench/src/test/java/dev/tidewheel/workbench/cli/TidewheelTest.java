package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person is told whose command line is wrong. */
class TidewheelTest {
    private static final String DEFINITIONS = "../examples/flights";

    @TempDir
    private Path folder;

    private record Told(int code, String text) {}

    @Test
    void aWrongCommandLineIsToldWithoutTheUsage() {
        Told told = run("sets", "--ouput", "json");

        assertThat(told.code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(told.text).contains("--ouput", "see tidewheel sets --help").doesNotContain("Usage:");
        assertThat(told.text.lines().count()).isLessThan(6);
    }

    @Test
    void aFileThatIsNoParquetFileIsTold() throws IOException {
        String csv = Files.writeString(folder.resolve("q.csv"), "t,origin\n2001-01-09,ORD\n")
                .toString();
        String wanted = csv + " is no Parquet file";

        assertThat(trainingSet("--service", "late-arrival", "--questions", csv))
                .satisfies(told -> refused(told, wanted));
        assertThat(trainingSet("--model", "late-arrival", "--mode", "event-time"))
                .satisfies(told -> refused(told, wanted));
        assertThat(run(
                        "backfill",
                        "--source=flights",
                        "--from=" + csv,
                        "--definitions=" + DEFINITIONS,
                        "--warehouse=" + folder.resolve("w"),
                        "--catalog=jdbc:sqlite:" + folder.resolve("catalog.db")))
                .satisfies(told -> refused(told, wanted));
    }

    @Test
    void aWarehouseThatIsNotThereIsNotMade() {
        Path file = folder.resolve("nowhere.db");

        Told told = run("sets", "--warehouse=" + folder.resolve("nowhere"), "--catalog=jdbc:sqlite:" + file);

        refused(told, "there is no warehouse in " + folder.resolve("nowhere") + " with its catalog in " + file);
        assertThat(file).doesNotExist();
    }

    @Test
    void theFirstLineOfEachCommandIsAWholeSentence() {
        assertThat(Tidewheel.commandLine().getSubcommands())
                .allSatisfy((name, command) -> assertThat(
                                command.getCommandSpec().usageMessage().description()[0])
                        .endsWith("."));
    }

    private Told trainingSet(String... more) {
        String[] all = {
            "training-set",
            "--definitions=" + DEFINITIONS,
            "--history=flights=" + folder.resolve("q.csv"),
            "--out=" + folder.resolve("out")
        };
        String[] whole = Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, whole, all.length, more.length);
        return run(whole);
    }

    private static void refused(Told told, String text) {
        assertThat(told.code).isEqualTo(ExitCode.FAILED);
        assertThat(told.text).contains(text).doesNotContain("foresaw");
    }

    private static Told run(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        try (PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setErr(err);
            return new Told(Tidewheel.run(arguments), bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }
}
