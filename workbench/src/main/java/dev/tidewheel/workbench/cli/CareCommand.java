package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.care.CareConfig;
import dev.tidewheel.history.care.CareMetrics;
import dev.tidewheel.history.care.CarePolicy;
import dev.tidewheel.history.care.WarehouseCare;
import dev.tidewheel.history.care.WarehouseCare.Round;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.ConfigLoader;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.ops.HealthChecks;
import dev.tidewheel.runtime.ops.OpsServer;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.terminal.ExitCode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.exceptions.NoSuchTableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Cares for the tables that jobs write. */
@Command(
        name = "care",
        description = {
            "Keeps the tables of feature jobs and of the monitoring job healthy beside them.",
            "Lets old snapshots go, writes small files, files of deletes and manifests together, removes files that nobody"
                    + " names. No row changes, of the newest snapshot or a tagged one.",
            "Without --once it goes on until it is stopped."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all tables are cared for, or the tag is released",
            "3:a table could not be cared for; the message says why",
            "4:commits of jobs left something for the next round"
        })
final class CareCommand implements Callable<Integer> {
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Warehouse, policy, interval, and where metrics are served; docs/operations.md shows one.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--warehouse", paramLabel = "DIR", description = "Instead: the tables' folder; with --catalog.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--catalog",
            paramLabel = "JDBC",
            description = "Its catalog, such as jdbc:sqlite:/data/catalog.db.")
    private Optional<String> catalog = Optional.empty();

    @Option(
            names = "--table",
            paramLabel = "NAME",
            split = ",",
            description = "Only these, such as raw.flights (default: all).")
    private List<String> tables = List.of();

    @Option(names = "--once", description = "One round, then the result.")
    private boolean once;

    @Option(
            names = "--release-tag",
            paramLabel = "TAG",
            description =
                    "Releases a tag of the --table named, and does nothing else: the training set that it was made"
                            + " for cannot be built again once the next round has expired the snapshot.")
    private Optional<String> tag = Optional.empty();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CareConfig settings = settings();
        if (once || tag.isPresent()) { // Who goes on may begin before the jobs have made the tables.
            ExistingWarehouse.require(settings.warehouse());
        }
        try (Warehouse warehouse = Warehouse.open(settings.warehouse())) {
            WarehouseCare care = new WarehouseCare(warehouse, settings.policy().orElse(CarePolicy.DEFAULT));
            if (tag.isPresent()) {
                return release(care, tag.get());
            }
            return once ? round(care) : rounds(care, settings);
        }
    }

    private CareConfig settings() {
        if (config.isPresent()) {
            return ConfigLoader.load(config.get(), CareConfig.class);
        }
        if (folder.isEmpty() || catalog.isEmpty()) {
            throw new WorkbenchException("where are the tables? Give --config, or --warehouse and --catalog");
        }
        return new CareConfig(
                new WarehouseConfig(folder.get(), catalog.get()), Optional.empty(), INTERVAL, Optional.empty());
    }

    private int release(WarehouseCare care, String released) throws Exception {
        if (tables.size() != 1) {
            throw new WorkbenchException("of which table? Name one with --table");
        }
        try {
            care.releaseTag(tables.get(0), released);
        } catch (IllegalArgumentException | NoSuchTableException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        }
        if (output == OutputFormat.JSON) {
            print(JSON.writeValueAsString(
                    JSON.createObjectNode().put("table", tables.get(0)).put("released", released)));
        } else {
            print(tables.get(0) + ": tag " + released + " is released");
        }
        return ExitCode.OK;
    }

    private int round(WarehouseCare care) throws Exception {
        Round round = work(care);
        if (!round.failed().isEmpty()) {
            return ExitCode.FAILED;
        }
        return round.unfinished() ? ExitCode.WAITS : ExitCode.OK;
    }

    private Round work(WarehouseCare care) throws Exception {
        Round round = care.run(tables.isEmpty() ? care.tables() : tables, System.currentTimeMillis());
        print(output == OutputFormat.JSON ? JSON.writeValueAsString(round) : CareText.of(round));
        return round;
    }

    /** Goes on until it is interrupted; one that is killed leaves nothing undone that the next one does not do. */
    private int rounds(WarehouseCare care, CareConfig settings) throws Exception {
        CareMetrics metrics = new CareMetrics(PrometheusRegistry.defaultRegistry);
        AtomicReference<Health> health = new AtomicReference<>(Health.up("no round yet"));
        HealthChecks checks = new HealthChecks().add("care", health::get);
        Optional<OpsServer> ops = settings.ops().isPresent()
                ? Optional.of(OpsServer.start(settings.ops().get(), new HealthChecks(), checks))
                : Optional.empty();
        try {
            while (true) {
                Round round = work(care);
                metrics.record(round, System.currentTimeMillis());
                health.set(
                        round.failed().isEmpty()
                                ? Health.up(round.done().size() + " tables")
                                : Health.down("failed: " + round.failed()));
                TimeUnit.MILLISECONDS.sleep(settings.interval().toMillis());
            }
        } finally {
            ops.ifPresent(OpsServer::close);
        }
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
