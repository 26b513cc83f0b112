package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.EraseReport;
import dev.tidewheel.workbench.erase.Erasing;
import dev.tidewheel.workbench.erase.StoreErasure;
import dev.tidewheel.workbench.erase.StoreErasure.Deleted;
import dev.tidewheel.workbench.erase.TableErasure;
import dev.tidewheel.workbench.erase.TopicErasure;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes an entity, for good. */
@Command(
        name = "erase",
        description = {
            "Removes an entity from state, online store and raw tables, and keeps it away; each call takes the next step.",
            "  1. it comes on the registry's list of erased entities, by a keyed digest;",
            "  2. the jobs of its sources drop it at their next start ('tidewheel jobs restart');",
            "  3. what the online store has of it is deleted, its rows in the tables are emptied, its dead letters removed.",
            "Says what is gone, what waits, what is left to decide and what stays. It cannot be undone."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is gone; the report says what stays elsewhere",
            "1:what could be done is done; the report says what is left, and how it goes",
            "3:nothing was done; the message says why",
            "4:it is on the list; start the jobs again, then say it again"
        })
final class EraseCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration TOMBSTONES = Duration.ofHours(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--entity",
            paramLabel = "COLUMN=VALUE",
            required = true,
            description =
                    "Its key columns: every row of any source that has all of them, with these values, is erased.")
    private Map<String, String> entity = Map.of();

    @Option(
            names = "--erasure-key",
            paramLabel = "FILE",
            required = true,
            description = "The secret that the jobs have as erasures.key.")
    private Path key = Path.of("");

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private WarehouseOption warehouse = new WarehouseOption();

    @Option(
            names = "--suspects",
            description =
                    "Also empty refused records that nobody could read and whose bytes have all its values, and dead"
                            + " letters that have them anywhere.")
    private boolean suspects;

    @Option(
            names = "--cut",
            paramLabel = "TOPIC",
            split = ",",
            description =
                    "Of these topics delete everything up to its last record, that of others too; the report says how"
                            + " much that is.")
    private List<String> cut = List.of();

    @Option(
            names = "--search-for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long one topic is looked through, such as 10m (default: 2m).")
    private Duration patience = Duration.ofMinutes(2);

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        SortedMap<String, String> columns = new TreeMap<>(entity);
        Erasing.Step step = new Erasing(kafka.config(), key()).advance(columns, new WallClock().now());
        EraseReport report = step.isDeletable() ? delete(columns, step) : EraseReport.waiting(step);
        print(report);
        if (!step.isDeletable()) {
            return ExitCode.WAITS;
        }
        return report.left().isEmpty() ? ExitCode.OK : ExitCode.NOT_SOUND;
    }

    private EraseReport delete(SortedMap<String, String> columns, Erasing.Step step) throws InterruptedException {
        Deleted deleted = deleteFromStore(columns, step);
        Optional<WarehouseConfig> config = warehouse.config();
        if (config.isEmpty()) {
            TopicErasure.Outcome topics = topics(columns, step, (partition, offset) -> false);
            return EraseReport.deleted(step, deleted, store.tombstoneLife(TOMBSTONES), Optional.empty(), topics);
        }
        try (Warehouse open = Warehouse.open(config.get())) {
            TableErasure tables = new TableErasure(open, DEADLINE, suspects);
            TableErasure.Outcome emptied =
                    tables.erase(columns, step.read(), step.scope().remembering());
            TopicErasure.Outcome topics = topics(columns, step, tables.erased());
            return EraseReport.deleted(step, deleted, store.tombstoneLife(TOMBSTONES), Optional.of(emptied), topics);
        }
    }

    private TopicErasure.Outcome topics(
            SortedMap<String, String> columns, Erasing.Step step, BiPredicate<TopicPartition, Long> erased)
            throws InterruptedException {
        TopicErasure.Known known = new TopicErasure.Known(columns, step.scope().keyed(), erased, suspects);
        return new TopicErasure(kafka.config(), DEADLINE, patience).erase(known, Set.copyOf(cut));
    }

    private ErasureKey key() {
        try {
            return new ErasureKey(Files.readString(key).stripTrailing());
        } catch (IOException | IllegalArgumentException e) {
            throw new WorkbenchException("the key of erasures cannot be read from " + key + ": " + e.getMessage(), e);
        }
    }

    private Deleted deleteFromStore(SortedMap<String, String> columns, Erasing.Step step) throws InterruptedException {
        try (RedisFeatureStore open = store.open(kafka::running, DEADLINE, store.tombstoneLife(TOMBSTONES))) {
            return new StoreErasure(open, open, DEADLINE)
                    .delete(columns, step.scope().keyed());
        }
    }

    private void print(EraseReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        } else {
            section(out, "gone:", report.gone());
            section(out, "waits:", report.waits());
            section(out, "left:", report.left());
            section(out, "stays:", report.stays());
        }
        out.flush();
    }

    private static void section(PrintWriter out, String title, List<String> sentences) {
        if (!sentences.isEmpty()) {
            out.println(title);
            sentences.forEach(sentence -> out.println("  " + sentence));
        }
    }
}
