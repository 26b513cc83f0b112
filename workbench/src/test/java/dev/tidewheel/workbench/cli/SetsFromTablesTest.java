package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.run.SetTable;
import dev.tidewheel.history.source.FileDigest;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.training.SetFile;
import dev.tidewheel.history.training.TrainingSet;
import dev.tidewheel.history.training.TrainingSetManifest;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ServingRecords;
import dev.tidewheel.workbench.sets.SetTags;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.expressions.Expressions;
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

    @Test
    void aTableHoldsTheRowsOfAFolder() throws Exception {
        String[] splits = {"--split", "train=2001-01-09..2001-01-13", "--split", "test=2001-01-13..2001-01-15"};
        assertThat(build("a", splits).code()).isEqualTo(ExitCode.OK);
        TrainingSetManifest inFolder = manifest("a");

        Printed printed = buildTo("table:sets.late", splits);

        assertThat(printed.code()).isEqualTo(ExitCode.OK);
        Printed once = buildTo("table:sets.again", with(splits, "--same-as", folder.resolve("a/manifest.json")));
        assertThat(once.code()).isEqualTo(ExitCode.OK);
        assertThat(once.text()).contains("as many rows as").contains("never have the same bytes");
        try (Warehouse open = warehouse.open()) {
            TrainingSetManifest inTable =
                    new SetTable(open, "sets.late").manifest().orElseThrow();
            assertThat(inTable.files()).extracting(SetFile::rows).containsExactly(4 * 72L, 2 * 72L);
            assertThat(inTable.asked()).isEqualTo(inFolder.asked());
            RowTable rows = open.table("sets.late")
                    .read(open.table("sets.late").newestSnapshot().orElseThrow());
            assertThat(rows.size()).isEqualTo((int) inFolder.rows());
            double[] folderValues =
                    TrainingSet.open(folder.resolve("a")).split("test").numbers("origin_delays.mean_delay_24h");
            assertThat(inSplit(rows, "test", "origin_delays.mean_delay_24h"))
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(folderValues).boxed().toList());
            Table table = open.catalog().loadTable(TableIdentifier.of("sets", "late"));
            assertThat(digests(table))
                    .containsExactlyInAnyOrderElementsOf(
                            inTable.files().stream().map(SetFile::digest).toList());
            OffsetDateTime noon = OffsetDateTime.parse("2001-01-12T12:00:00Z");
            assertThat(IcebergGenerics.read(table)
                            .where(Expressions.greaterThanOrEqual("t", noon.toString()))
                            .build())
                    .as("bounds of times prune no row too many")
                    .hasSize(36 + 2 * 72);
            assertThat(table.snapshots()).hasSize(1);
        }
    }

    @Test
    void aRepeatedCommandCommitsNothingNew() throws Exception {
        assertThat(buildTo("table:sets.late").code()).isEqualTo(ExitCode.OK);
        warehouse.append(30);
        assertThat(buildTo("table:sets.late").text()).contains("the same bytes as before");
        assertThat(snapshots()).isEqualTo(1);
        assertThat(buildTo("table:sets.late", "--mode", "event-time").code())
                .as("another set")
                .isEqualTo(ExitCode.FAILED);

        warehouse.erase("D1");
        assertThat(buildTo("table:sets.late").code()).isEqualTo(ExitCode.NOT_SOUND);
        assertThat(snapshots()).as("left as it is").isEqualTo(1);
        assertThat(buildTo("table:sets.late", "--same-as", "table:sets.late").code())
                .isEqualTo(ExitCode.NOT_SOUND);
        assertThat(snapshots()).isEqualTo(2);
        assertThat(buildTo("table:sets.late", "--fresh").code()).isEqualTo(ExitCode.OK);
        try (Warehouse open = warehouse.open()) {
            RowTable rows = open.table("sets.late")
                    .read(open.table("sets.late").newestSnapshot().orElseThrow());
            assertThat(rows.size()).as("what it held is replaced").isEqualTo((int)
                    new SetTable(open, "sets.late").manifest().orElseThrow().rows());
        }
        assertThat(buildTo("table:raw.flights").code()).as("somebody else's").isEqualTo(ExitCode.FAILED);
        assertThat(buildTo("table:raw.late").code()).as("a job's place").isEqualTo(ExitCode.FAILED);
        assertThat(buildTo("table:late").code()).as("no namespace").isEqualTo(ExitCode.FAILED);
        assertThat(buildTo("table:sets.late", "--service", "departure", "--every-key", "--at", "2001-01-10", "--fresh")
                        .code())
                .as("other columns")
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aMeasuredDelayIsMeasuredOnce() throws Exception {
        String[] measured = {"--serving-delay", "measured-p99"};
        assertThat(build("a", measured).code()).as("of which run?").isEqualTo(ExitCode.FAILED);
        assertThat(build("a", "--serving-delay", "70m").code()).isEqualTo(ExitCode.OK);

        assertThat(build("a", measured).code())
                .as("what was given is not taken for measured")
                .isEqualTo(ExitCode.FAILED);
        assertThat(manifest("a").asked().delayMeasured()).isFalse();

        Path manifest = folder.resolve("a/manifest.json");
        String given = Files.readString(manifest);
        Files.writeString(manifest, given.replace(",\n    \"delayMeasured\" : false", ""));
        assertThat(manifest("a").asked().delayMeasured())
                .as("of an earlier version")
                .isNull();
        assertThat(build("a", "--serving-delay", "70m").code()).isEqualTo(ExitCode.OK);
        Files.writeString(manifest, given.replace(",\n    \"delayMeasured\" : false", ""));
        assertThat(build("a", measured).code())
                .as("nobody knows that it was given")
                .isEqualTo(ExitCode.OK);

        assertThat(manifest("a").asked().delayMeasured())
                .as("as measured of a run")
                .isTrue();
        assertThat(build("a", measured).code()).as("the manifest has it").isEqualTo(ExitCode.OK);
        assertThat(build("b", "--same-as", manifest.toString(), "--serving-delay", "measured-p99")
                        .code())
                .isEqualTo(ExitCode.OK);
        assertThat(manifest("b").asked()).isEqualTo(manifest("a").asked());
        assertThat(manifest("b").servingDelay()).isEqualTo("PT1H10M");
        assertThat(build("a", "--serving-delay", "70m").code())
                .as("another set")
                .isEqualTo(ExitCode.FAILED);
        assertThat(build("a", "--serving-delay", "soon").code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void tagsAreListedWithWhoNamesThemAndReleased() throws Exception {
        assertThat(build("sets/a").code()).isEqualTo(ExitCode.OK);
        warehouse.append(30);
        assertThat(buildTo("table:sets.late", "--mode", "event-time").code()).isEqualTo(ExitCode.OK);
        String ofFolder = manifest("sets/a").data().get("flights").tag();

        JsonNode tags = sets(
                        "--output", "json", "--sets", folder.resolve("sets").toString())
                .json();

        assertThat(tags).hasSize(2);
        assertThat(tags.get(0).path("tag").asText()).isEqualTo(ofFolder);
        assertThat(tags.get(0).path("table").asText()).isEqualTo("raw.flights");
        assertThat(tags.get(0).path("rows").asLong()).isEqualTo(600);
        assertThat(tags.get(0).path("namedBy").get(0).asText()).isEqualTo("set " + folder.resolve("sets/a"));
        assertThat(tags.get(1).path("rows").asLong()).isEqualTo(630);
        assertThat(tags.get(1).path("namedBy").get(0).asText()).isEqualTo("table sets.late");

        String[] asked = {"--sets", folder.resolve("sets").toString()};
        assertThat(release(ofFolder, asked))
                .as("the set in the folder names it")
                .isEqualTo(ExitCode.FAILED);
        assertThat(release(ofFolder)).as("nobody was asked").isEqualTo(ExitCode.FAILED);
        Files.delete(folder.resolve("sets/a/manifest.json"));
        assertThat(sets(asked).text()).contains(ofFolder).contains("nobody that was asked");
        assertThat(release(ofFolder, asked)).as("no registry was asked").isEqualTo(ExitCode.FAILED);
        assertThat(release(ofFolder, "--force")).isEqualTo(ExitCode.OK);
        assertThat(release(ofFolder, "--force")).as("it is gone").isEqualTo(ExitCode.FAILED);
        assertThat(sets(asked).text()).doesNotContain(ofFolder);
        assertThat(release(tags.get(1).path("tag").asText(), "--force")).isEqualTo(ExitCode.OK);
    }

    @Test
    void aVersionOfAModelNamesTheTagOfItsSet() throws Exception {
        assertThat(build("a").code()).isEqualTo(ExitCode.OK);
        String tag = manifest("a").data().get("flights").tag();
        Definition version = ServingRecords.modelVersion(
                "late-arrival", "3", "{\"trainingSet\": {\"tag\": \"" + tag + "\"}}", Optional.empty(), 5);
        Definition without = ServingRecords.modelVersion("late-arrival", "4", "{}", Optional.empty(), 5);

        try (Warehouse open = warehouse.open()) {
            assertThat(new SetTags(open).registry(List.of(version, without)).all())
                    .singleElement()
                    .satisfies(each -> assertThat(each.namedBy()).containsExactly("model late-arrival.3"));
        }
    }

    private static String[] with(String[] options, String name, Path value) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(name, value.toString()));
        return all.toArray(String[]::new);
    }

    private Printed sets(String... more) {
        List<String> command = new ArrayList<>(List.of("sets"));
        command.addAll(warehouse.options());
        command.addAll(List.of(more));
        return Printed.by(command);
    }

    private int release(String tag, String... more) {
        List<String> command = new ArrayList<>(List.of("sets", "release", tag));
        command.addAll(warehouse.options());
        command.addAll(List.of(more));
        return Printed.by(command).code();
    }

    private int snapshots() {
        try (Warehouse open = warehouse.open()) {
            Table table = open.catalog().loadTable(TableIdentifier.of("sets", "late"));
            return (int)
                    StreamSupport.stream(table.snapshots().spliterator(), false).count();
        }
    }

    private static List<Double> inSplit(RowTable rows, String split, String column) {
        int slot = rows.require(column, "rows");
        int bySplit = rows.require("split", "rows");
        return IntStream.range(0, rows.size())
                .filter(row -> rows.text(row, bySplit).equals(split))
                .mapToObj(row -> rows.isNull(row, slot) ? Double.NaN : Double.longBitsToDouble(rows.word(row, slot)))
                .toList();
    }

    private static List<String> digests(Table table) throws IOException {
        List<String> digests = new ArrayList<>();
        try (var files = table.newScan().planFiles()) {
            for (FileScanTask task : files) {
                String location =
                        table.io().newInputFile(task.file().location()).location();
                digests.add(FileDigest.of(Path.of(location)));
                assertThat(location).contains(digests.get(digests.size() - 1).substring("sha256:".length()));
            }
        }
        return digests;
    }

    private TrainingSetManifest manifest(String set) throws IOException {
        return TrainingSet.open(folder.resolve(set)).manifest();
    }

    private Printed build(String out, String... more) {
        return buildTo(folder.resolve(out).toString(), more);
    }

    private Printed buildTo(String out, String... more) {
        List<String> command = new ArrayList<>(List.of("training-set"));
        if (!List.of(more).contains("--service")) {
            command.addAll(List.of("--model", "late-arrival"));
        }
        command.addAll(List.of("--definitions", "../examples/flights"));
        command.addAll(warehouse.options());
        command.addAll(List.of("--out", out));
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
