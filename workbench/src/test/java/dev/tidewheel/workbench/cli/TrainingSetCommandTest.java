package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.history.questions.ColumnOf;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a person types it, over files. */
class TrainingSetCommandTest {
    private static final RowSchema FLIGHT = new RowSchema(List.of(
            new Column("flight_id", ColumnType.INT64),
            new Column("date", ColumnType.TIMESTAMP),
            new Column("origin", ColumnType.STRING),
            new Column("destination", ColumnType.STRING),
            new Column("distance", ColumnType.INT64),
            new Column("delay", ColumnType.INT64)));
    private static final RowSchema QUESTION = new RowSchema(List.of(
            new Column("t", ColumnType.TIMESTAMP),
            new Column("origin", ColumnType.STRING),
            new Column("to", ColumnType.STRING),
            new Column("distance", ColumnType.INT64),
            new Column("hour", ColumnType.INT64),
            new Column("request", ColumnType.STRING),
            new Column("late", ColumnType.BOOL)));
    private static final long START = Instant.parse("2001-01-08T00:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    @TempDir
    private Path folder;

    private final Random random = new Random(8);

    @BeforeEach
    void writeFlights() throws IOException {
        List<Row> flights = new ArrayList<>();
        for (int id = 0; id < 600; id++) {
            flights.add(new Row(FLIGHT.size())
                    .setLong(0, id)
                    .setLong(1, START + id * 20 * MINUTE)
                    .setString(2, random.nextBoolean() ? "ORD" : "LAX")
                    .setString(3, "D" + random.nextInt(4))
                    .setLong(4, 300)
                    .setLong(5, random.nextInt(60) - 20));
        }
        write("flights.parquet", FLIGHT, flights);
    }

    @Test
    void theSameCommandGivesTheSameBytesAndAnotherIsRefused() throws Exception {
        String[] model = {
            "--model",
            "late-arrival",
            "--split",
            "train=2001-01-09..2001-01-13",
            "--split",
            "test=2001-01-13..2001-01-15"
        };

        assertThat(run("a", model)).isEqualTo(ExitCode.OK);
        TrainingSetManifest first = TrainingSet.open(folder.resolve("a")).manifest();
        byte[] data = Files.readAllBytes(folder.resolve("a/train-00000.parquet"));

        assertThat(run("a", model)).isEqualTo(ExitCode.OK);
        assertThat(TrainingSet.open(folder.resolve("a")).manifest()).isEqualTo(first);
        assertThat(folder.resolve("a/train-00000.parquet")).hasBinaryContent(data);
        assertThat(first.rows()).isEqualTo(6 * 72);
        assertThat(first.profile()).isNotNull();
        assertThat(folder.resolve("a/profile.json")).content().contains(first.digest());

        assertThat(run("a", "--model", "late-arrival")).as("something else").isEqualTo(ExitCode.FAILED);
        assertThat(TrainingSet.open(folder.resolve("a")).manifest()).isEqualTo(first);
        assertThat(run("a", "--model", "late-arrival", "--fresh")).isEqualTo(ExitCode.OK);
        assertThat(TrainingSet.open(folder.resolve("a")).manifest().files()).hasSize(1);
        assertThat(folder.resolve("a/train-00000.parquet")).doesNotExist();
    }

    @Test
    void whatWasReadIsReadAgainOrRefused() throws Exception {
        String[] command = {"--model", "late-arrival", "--mode", "event-time"};
        assertThat(run("a", command)).isEqualTo(ExitCode.OK);
        assertThat(run("b", with(command, "--same-as", folder.resolve("a/manifest.json"))))
                .isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("b/manifest.json")).hasSameBinaryContentAs(folder.resolve("a/manifest.json"));
        assertThat(folder.resolve("b/profile.json")).hasSameBinaryContentAs(folder.resolve("a/profile.json"));
        assertThat(run(
                        "c",
                        "--model",
                        "late-arrival",
                        "--same-as",
                        folder.resolve("a/manifest.json").toString()))
                .as("in another world")
                .isEqualTo(ExitCode.FAILED);

        assertThat(run("d", "--model", "late-arrival")).isEqualTo(ExitCode.OK);
        byte[] other = Files.readAllBytes(folder.resolve("d/manifest.json"));
        assertThat(run("d", with(command, "--same-as", folder.resolve("a/manifest.json"))))
                .as("a set of something else is there")
                .isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("d/manifest.json")).hasBinaryContent(other);

        writeFlights();
        assertThat(run("b", command)).as("another history").isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aSetWhoseBytesDoNotComeAgainIsLeftAsItIs() throws Exception {
        assertThat(run("a", "--model", "late-arrival")).isEqualTo(ExitCode.OK);
        String digest = TrainingSet.open(folder.resolve("a")).manifest().digest();
        Path manifest = folder.resolve("a/manifest.json");
        String changed = Files.readString(manifest).replace(digest, digest.replace('a', 'b'));
        Files.writeString(manifest, changed);
        Files.writeString(folder.resolve("a/data-00001.parquet.unfinished"), "left by a build that was killed");

        assertThat(run("a", "--model", "late-arrival")).isEqualTo(ExitCode.NOT_SOUND);
        assertThat(run("a", "--model", "late-arrival")).as("again").isEqualTo(ExitCode.NOT_SOUND);

        assertThat(manifest).hasContent(changed);
        try (Stream<Path> files = Files.list(folder.resolve("a"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("data-00000.parquet", "manifest.json", "profile.json");
        }
        assertThat(run("a", "--model", "late-arrival", "--fresh")).isEqualTo(ExitCode.OK);
        assertThat(TrainingSet.open(folder.resolve("a")).manifest().digest()).isEqualTo(digest);
    }

    @Test
    void aFileThatDoesNotSayWhatWasKnownWhenHasNoAsOf() throws Exception {
        Path definitions = Files.createDirectory(folder.resolve("definitions"));
        try (Stream<Path> files = Files.list(Path.of("../examples/flights"))) {
            for (Path file : files.filter(each -> each.toString().matches(".*[.](yaml|avsc)"))
                    .toList()) {
                String text = Files.readString(file).replaceFirst("(?m)^\\s*knownTime:.*\\R", "");
                Files.writeString(definitions.resolve(file.getFileName()), text);
            }
        }
        String[] command = {"--definitions", definitions.toString(), "--model", "late-arrival", "--mode", "event-time"};

        assertThat(run("a", command)).isEqualTo(ExitCode.OK);
        assertThat(run("b", with(command, "--as-of", "2001-01-12"))).isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("b")).doesNotExist();
    }

    @Test
    void aFileAsks() throws Exception {
        List<Row> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            asked.add(new Row(QUESTION.size())
                    .setLong(0, START + random.nextInt(10_000) * MINUTE)
                    .setString(1, "ORD")
                    .setString(2, "D1")
                    .setLong(3, 500)
                    .setLong(4, 7)
                    .setString(5, "r" + i)
                    .setBoolean(6, i % 3 == 0));
        }
        Path questions = write("q.parquet", QUESTION, asked);
        String[] command = {
            "--service",
            "departure",
            "--questions",
            questions.toString(),
            "--entity",
            "destination=to",
            "--label",
            "late"
        };

        assertThat(run("a", with(command, "--hindsight", "2h"))).isEqualTo(ExitCode.OK);

        TrainingSet set = TrainingSet.open(folder.resolve("a"));
        assertThat(set.rows()).isEqualTo(40);
        assertThat(set.labels()).contains(0, 1);
        assertThat(set.manifest().asked().hindsight()).isEqualTo("PT2H");
        assertThat(set.manifest().columns()).extracting(ColumnOf::name).contains("request", "destination", "hour");
        assertThat(run("b", with(command, "--as-of", "2001-01-09")))
                .as("when was the label known?")
                .isEqualTo(3);
        assertThat(run("c", with(command, "--every-key"))).as("two ask").isEqualTo(ExitCode.FAILED);
        assertThat(run("c", with(command, "--time", "when"))).isEqualTo(ExitCode.FAILED);
        assertThat(run("c", with(command, "--nonsense"))).isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("c")).doesNotExist();
    }

    @Test
    void everyKeyIsAsked() throws Exception {
        assertThat(run("a", "--service", "departure", "--every-key", "--at", "2001-01-08,2001-01-10T12:00:00Z"))
                .isEqualTo(ExitCode.OK);

        TrainingSet set = TrainingSet.open(folder.resolve("a"));
        assertThat(set.strings("question"))
                .as("at the first moment nothing was known")
                .containsExactly("LAX|D0", "LAX|D1", "LAX|D2", "LAX|D3", "ORD|D0", "ORD|D1", "ORD|D2", "ORD|D3");
        assertThat(set.manifest().label()).isNull();

        assertThat(run(
                        "b",
                        "--service",
                        "departure",
                        "--every-key",
                        "--at",
                        "2001-01-10,2001-01-12",
                        "--from",
                        "2001-01-11"))
                .isEqualTo(ExitCode.OK);
        assertThat(TrainingSet.open(folder.resolve("b")).rows()).isEqualTo(8);
    }

    @Test
    void filesOfOthersAreNotTouched() throws Exception {
        Files.createDirectories(folder.resolve("mine"));
        Path file = Files.writeString(folder.resolve("mine/data-00000.parquet"), "mine");

        assertThat(run("mine", "--model", "late-arrival")).isEqualTo(ExitCode.FAILED);

        assertThat(file).hasContent("mine");
    }

    @Test
    void aClusterHasToBeThere() {
        String[] model = {"--model", "late-arrival"};
        assertThat(run("a", with(model, "--parallelism", 2))).as("of what?").isEqualTo(ExitCode.FAILED);
        assertThat(run("a", with(model, "--flink", "http://localhost:1"))).isEqualTo(ExitCode.FAILED);
        assertThat(folder.resolve("a/manifest.json")).doesNotExist();
    }

    private int run(String out, String... arguments) {
        List<String> all = new ArrayList<>(List.of("training-set"));
        if (!List.of(arguments).contains("--definitions")) {
            all.addAll(List.of("--definitions", "../examples/flights"));
        }
        all.addAll(List.of("--history", "flights=" + folder.resolve("flights.parquet")));
        all.add("--column");
        all.add("flights.landing=timestamp(int(date) + 60 * (35 + (2 * distance + 14) / 15))");
        all.addAll(List.of("--out", folder.resolve(out).toString()));
        all.addAll(List.of(arguments));
        return Tidewheel.run(all.toArray(String[]::new));
    }

    private static String[] with(String[] command, Object... more) {
        return Stream.concat(Stream.of(command), Stream.of(more).map(String::valueOf))
                .toArray(String[]::new);
    }

    private Path write(String name, RowSchema schema, List<Row> rows) throws IOException {
        Path file = folder.resolve(name);
        try (ParquetRows out = ParquetRows.create(file, "rows", schema)) {
            for (Row row : rows) {
                out.write(row);
            }
        }
        return file;
    }
}
