package dev.tidewheel.workbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CareCommandTest {
    private static final Schema SCHEMA = new Schema(Types.NestedField.required(1, "_offset", Types.LongType.get()));

    @TempDir
    private Path folder;

    private WarehouseConfig config;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() {
        config = new WarehouseConfig(folder.resolve("tables"), "jdbc:sqlite:" + folder.resolve("catalog.db"));
        try (Warehouse warehouse = Warehouse.open(config)) {
            warehouse.catalog().createNamespace(Namespace.of("raw"));
            Table table = warehouse.catalog().createTable(TableIdentifier.of("raw", "flights"), SCHEMA);
            for (int i = 0; i < 12; i++) {
                table.newAppend()
                        .appendFile(DataFiles.builder(PartitionSpec.unpartitioned())
                                .withPath(table.location() + "/data/" + i + ".parquet")
                                .withFileSizeInBytes(10)
                                .withRecordCount(1)
                                .build())
                        .commit();
            }
            table.manageSnapshots()
                    .createTag("training-m-1", table.currentSnapshot().snapshotId())
                    .commit();
        }
    }

    @Test
    void aRoundIsToldAsJson() throws Exception {
        int exit = run("--once", "--output", "json");

        assertThat(exit).as(err.toString()).isEqualTo(ExitCode.OK);
        JsonNode round = new ObjectMapper().readTree(out.toString());
        assertThat(round.at("/done/0/table").asText()).isEqualTo("raw.flights");
        assertThat(round.at("/done/0/health/snapshots").asInt()).isEqualTo(12);
        assertThat(round.at("/done/0/health/tags").has("training-m-1")).isTrue();
        assertThat(round.at("/failed").isEmpty()).isTrue();
    }

    @Test
    void theConfigurationsPolicyHolds() throws Exception {
        Path file = folder.resolve("care.yaml");
        Files.writeString(file, """
                warehouse:
                  path: %s
                  catalog: %s
                policy:
                  snapshots: 0s
                  keep: 3
                """.formatted(config.path(), config.catalog()));

        int exit = execute(List.of("--config", file.toString(), "--once"));

        assertThat(exit).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("raw.flights: 12 files (12 small), 0 of deletes, 3 snapshots")
                .contains("tag training-m-1");
    }

    @Test
    void aTagIsReleasedOnceAndByItsName() {
        assertThat(run("--release-tag", "training-m-1"))
                .as("of which table is not said")
                .isEqualTo(ExitCode.FAILED);
        assertThat(run("--release-tag", "training-m-1", "--table", "raw.flights"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("--release-tag", "training-m-1", "--table", "raw.flights"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("raw.flights has no tag 'training-m-1'");
    }

    @Test
    void aTableThatIsNotThereIsTold() {
        assertThat(run("--once", "--table", "raw.nowhere")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("raw.nowhere: failed");
        assertThat(execute(List.of("--once"))).as("no warehouse is named").isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aWarehouseThatIsNotThereIsNotMade() {
        Path nowhere = folder.resolve("nowhere");
        Path file = folder.resolve("nowhere.db");

        assertThat(execute(List.of("--once", "--warehouse", nowhere.toString(), "--catalog", "jdbc:sqlite:" + file)))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("no warehouse in " + nowhere + " with its catalog in " + file);
        assertThat(nowhere).doesNotExist();
        assertThat(file).doesNotExist();
    }

    private int run(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("--warehouse", config.path().toString(), "--catalog", config.catalog()));
        all.addAll(List.of(arguments));
        return execute(all);
    }

    private int execute(List<String> arguments) {
        return new CommandLine(new CareCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    command.getErr().println(error.getMessage());
                    return ExitCode.FAILED;
                })
                .execute(arguments.toArray(String[]::new));
    }
}
