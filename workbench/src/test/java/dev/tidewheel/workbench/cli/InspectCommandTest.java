package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.parquet.ParquetRows;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at sets of which is known what leaks: flights are late in waves, and are known to be only when they have landed. */
class InspectCommandTest {
    private static final RowSchema FLIGHT = new RowSchema(List.of(
            new Column("flight_id", ColumnType.INT64),
            new Column("date", ColumnType.TIMESTAMP),
            new Column("origin", ColumnType.STRING),
            new Column("destination", ColumnType.STRING),
            new Column("distance", ColumnType.INT64),
            new Column("delay", ColumnType.INT64)));
    private static final long START = Instant.parse("2001-01-08T00:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final int FLIGHTS = 4_000;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFlights() throws IOException {
        Random random = new Random(6);
        try (ParquetRows out = ParquetRows.create(folder.resolve("flights.parquet"), "flights", FLIGHT)) {
            double wave = 0;
            for (int id = 0; id < FLIGHTS; id++) {
                wave = 0.8 * wave + random.nextGaussian() * 12;
                out.write(new Row(FLIGHT.size())
                        .setLong(0, id)
                        .setLong(1, START + id * 10 * MINUTE)
                        .setString(2, "ORD")
                        .setString(3, "D" + random.nextInt(2))
                        .setLong(4, 300)
                        .setLong(5, Math.round(wave + random.nextGaussian() * 8)));
            }
        }
    }

    @Test
    void aNaiveSetLeaksAndAnHonestOneDoesNot() throws Exception {
        assertThat(build("honest")).isEqualTo(ExitCode.OK);
        assertThat(build("naive", "--mode", "event-time")).isEqualTo(ExitCode.OK);

        JsonNode honest = inspect("honest", ExitCode.OK);
        assertThat(honest.path("suspects")).isEmpty();
        assertThat(findings(honest, "origin_delays.mean_delay_1h"))
                .as("nothing has landed after an hour")
                .contains("would-leak", "empty");
        assertThat(findings(honest, "distance")).containsExactly("known-later", "constant");
        assertThat(column(honest, "distance").path("knownLaterShare").asDouble())
                .isEqualTo(1);

        JsonNode naive = inspect("naive", ExitCode.NOT_SOUND);
        TreeSet<String> suspects = new TreeSet<>();
        naive.path("suspects").forEach(name -> suspects.add(name.asText()));
        assertThat(suspects).contains("origin_delays.mean_delay_1h", "origin_delays.mean_delay_3h");
        assertThat(suspects).allMatch(name -> name.matches(".*(delay|share_late|trend).*"), "tells of delays");
        JsonNode leak = column(naive, "origin_delays.mean_delay_1h").path("own");
        assertThat(leak.path("serving").asDouble()).isEqualTo(0.5);
        assertThat(leak.path("auc").asDouble()).isGreaterThan(0.6);
        assertThat(inspect("naive", ExitCode.NOT_SOUND)).as("again").isEqualTo(naive);
    }

    @Test
    void aColumnThatIsTheLabelIsNamed() throws Exception {
        Path definitions = Files.createDirectory(folder.resolve("definitions"));
        for (String name : List.of("model", "origin_delays", "route_delays", "service", "source")) {
            String text = Files.readString(Path.of("../examples/flights", name + ".yaml"));
            Files.writeString(
                    definitions.resolve(name + ".yaml"), text.replace("'date.getHours()'", "'delay > 15 ? 1 : 0'"));
        }
        Files.copy(Path.of("../examples/flights/flight.avsc"), definitions.resolve("flight.avsc"));
        assertThat(build("label", "--definitions", definitions.toString())).isEqualTo(ExitCode.OK);

        JsonNode report = inspect("label", ExitCode.NOT_SOUND, "--definitions", definitions.toString());

        assertThat(report.path("suspects")).extracting(JsonNode::asText).containsExactly("hour");
        assertThat(findings(report, "hour")).containsExactly("too-good", "known-later");
        assertThat(column(report, "hour").path("auc").asDouble()).isEqualTo(1);
        Path service = definitions.resolve("service.yaml");
        Files.writeString(service, Files.readString(service).replace("hour >= 17", "hour >= 18"));
        assertThat(run(with(List.of(
                        "inspect", folder.resolve("label").toString(), "--definitions", definitions.toString()))))
                .as("the service is another one")
                .isEqualTo(ExitCode.FAILED);
        assertThat(run(List.of("inspect", folder.resolve("label").toString(), "--data-only")))
                .isEqualTo(ExitCode.NOT_SOUND);
    }

    @Test
    void aSetOfFewDaysOrWithoutLabelIsLookedAtAlone() throws Exception {
        assertThat(build("few", "--from", "2001-01-10", "--to", "2001-01-14")).isEqualTo(ExitCode.OK);
        JsonNode few = inspect("few", ExitCode.OK);
        assertThat(few.path("notCompared").asText()).contains("4 days");
        assertThat(few.path("rows").asInt()).isEqualTo(4 * 144);
        assertThat(few.path("columns")).noneMatch(column -> column.has("eventTime"));

        assertThat(run(List.of("inspect", folder.resolve("nowhere").toString())))
                .isEqualTo(ExitCode.FAILED);
    }

    private int build(String out, String... more) {
        List<String> command = new ArrayList<>(List.of("training-set", "--model", "late-arrival"));
        if (!List.of(more).contains("--from")) {
            command.addAll(List.of("--from", "2001-01-09", "--to", "2001-02-04"));
        }
        command.addAll(List.of("--out", folder.resolve(out).toString()));
        command.addAll(List.of(more));
        return run(with(command));
    }

    private JsonNode inspect(String set, int expected, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("inspect", folder.resolve(set).toString(), "--output", "json"));
        command.addAll(List.of(more));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(run(with(command))).isEqualTo(expected);
        } finally {
            System.setOut(before);
        }
        return new ObjectMapper().readTree(printed.toString(StandardCharsets.UTF_8));
    }

    private static JsonNode column(JsonNode report, String name) {
        for (JsonNode column : report.path("columns")) {
            if (column.path("name").asText().equals(name)) {
                return column;
            }
        }
        throw new AssertionError("no column " + name);
    }

    private static List<String> findings(JsonNode report, String name) {
        List<String> findings = new ArrayList<>();
        column(report, name).path("findings").forEach(finding -> findings.add(finding.asText()));
        return findings;
    }

    private List<String> with(List<String> command) {
        List<String> all = new ArrayList<>(command);
        if (!command.contains("--definitions")) {
            all.addAll(List.of("--definitions", "../examples/flights"));
        }
        all.addAll(List.of("--history", "flights=" + folder.resolve("flights.parquet")));
        all.addAll(List.of("--column", "flights.landing=timestamp(int(date) + 60 * (35 + (2 * distance + 14) / 15))"));
        return all;
    }

    private static int run(List<String> command) {
        return Tidewheel.run(command.toArray(String[]::new));
    }
}
