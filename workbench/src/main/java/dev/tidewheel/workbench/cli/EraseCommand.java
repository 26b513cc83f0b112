package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.Durations;
import dev.tidewheel.runtime.config.WarehouseConfig;
import dev.tidewheel.runtime.kafka.TopicSettings;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.store.redis.RedisFeatureStore;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.erase.EraseReport;
import dev.tidewheel.workbench.erase.Erasing;
import dev.tidewheel.workbench.erase.ProfileErasure;
import dev.tidewheel.workbench.erase.StoreErasure;
import dev.tidewheel.workbench.erase.StoreErasure.Deleted;
import dev.tidewheel.workbench.erase.TableErasure;
import dev.tidewheel.workbench.erase.TopicErasure;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
            "1:what could be done is done; the report says what is left or failed, and how it goes",
            "3:nothing was deleted; the message says why",
            "4:it is on the list; start the jobs again, then say it again"
        })
final class EraseCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration TOMBSTONES = Duration.ofHours(1);
    /** Of files that a job may still be about to commit. */
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(EraseCommand.class);
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
                    "Also empty what does not say whose it is and has all its values: refused records, logged requests"
                            + " without such a key; and remove dead letters and segments of other columns that have them,"
                            + " those of others too.")
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
            names = "--job-stopped",
            paramLabel = "SOURCE",
            split = ",",
            description =
                    "The jobs of these sources do not run any more: for sources whose lineages are all retired, whose"
                            + " jobs have nothing left to compute.")
    private List<String> stopped = List.of();

    @Option(
            names = "--orphans",
            paramLabel = "AGE",
            converter = DurationConverter.class,
            description =
                    "Also remove files of tables that no snapshot names, if their job has committed so long after them:"
                            + " longer than its checkpoints take, such as 1h (default: they are counted).")
    private Optional<Duration> orphans = Optional.empty();

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
        TopicErasure.requireCuttable(Set.copyOf(cut));
        if (orphans.filter(age -> age.compareTo(SHORTEST) < 0).isPresent()) {
            throw new WorkbenchException("--orphans " + Durations.format(orphans.get())
                    + " may remove what the job is about to commit: at least " + Durations.format(SHORTEST));
        }
        Optional<WarehouseConfig> config = warehouse.config();
        SortedMap<String, String> columns = new TreeMap<>(entity);
        Erasing erasing = new Erasing(kafka.config(), ErasedOption.read(key));
        long now = new WallClock().now();
        Erasing.Step step = erasing.advance(columns, Set.copyOf(stopped), now);
        EraseReport report =
                step.isDeletable() ? delete(columns, erasing, step, now, config) : EraseReport.waiting(step);
        print(report);
        if (!step.isDeletable()) {
            return ExitCode.WAITS;
        }
        return report.left().isEmpty() ? ExitCode.OK : ExitCode.NOT_SOUND;
    }

    /** What one part fails with is reported beside what the others did: by then things are gone for good. */
    private EraseReport delete(
            SortedMap<String, String> columns,
            Erasing erasing,
            Erasing.Step step,
            long now,
            Optional<WarehouseConfig> config)
            throws Exception {
        List<String> unfinished = new ArrayList<>();
        Optional<ProfileErasure.Outcome> profiles = attempt(
                "the profiles", unfinished, () -> erasing.eraseProfiles(columns, suspects, new WallClock()::now));
        Optional<Deleted> deleted = attempt("the online store", unfinished, () -> deleteFromStore(columns, step));
        Optional<TableErasure.Outcome> tables = Optional.empty();
        Optional<TopicErasure.Outcome> topics = Optional.empty();
        if (config.isEmpty()) {
            unfinished.add("the tables: they were not looked at; name them with --warehouse and --catalog");
            topics = attempt(
                    "the topics",
                    unfinished,
                    () -> topics(columns, step, (partition, offset) -> false, Optional.of(Map.of())));
        } else {
            OptionalLong written = profiles.map(ProfileErasure.Outcome::written).orElse(OptionalLong.empty());
            tables = attempt(
                    "the tables",
                    unfinished,
                    () -> inWarehouse(config.get(), open -> tables(open, now).erase(columns, until(step, written))));
            topics = attempt(
                    "the topics",
                    unfinished,
                    () -> inWarehouse(config.get(), open -> {
                        TableErasure erased = tables(open, now);
                        return topics(columns, step, erased.erased(), erased.monitored());
                    }));
        }
        return EraseReport.deleted(
                step,
                new EraseReport.Done(profiles, deleted, tables, topics, unfinished),
                store.tombstoneLife(TOMBSTONES));
    }

    private static <T> Optional<T> attempt(String what, List<String> unfinished, Callable<T> part) throws Exception {
        try {
            return Optional.of(part.call());
        } catch (RuntimeException e) {
            LOG.warn("{} could not be done", what, e);
            unfinished.add(what + ": not all was done, some may be gone: " + e.getMessage() + "; say this again");
            return Optional.empty();
        }
    }

    /** What is done with open tables. */
    private interface InWarehouse<T> {
        T with(Warehouse open) throws InterruptedException;
    }

    private static <T> T inWarehouse(WarehouseConfig config, InWarehouse<T> what) throws InterruptedException {
        try (Warehouse open = Warehouse.open(config)) {
            return what.with(open);
        }
    }

    private TableErasure tables(Warehouse open, long now) {
        return new TableErasure(open, DEADLINE, new TableErasure.Wanted(suspects, orphans, now));
    }

    private TableErasure.Until until(Erasing.Step step, OptionalLong profiles) {
        Map<Integer, Long> logged = new TopicSettings(kafka.config(), DEADLINE).ends(Topics.INFERENCES);
        return new TableErasure.Until(step.read(), logged, step.scope().remembering(), profiles);
    }

    private TopicErasure.Outcome topics(
            SortedMap<String, String> columns,
            Erasing.Step step,
            BiPredicate<TopicPartition, Long> erased,
            Optional<Map<Integer, Long>> monitored)
            throws InterruptedException {
        TopicErasure.Known known = new TopicErasure.Known(columns, step.scope().keyed(), erased, suspects);
        return new TopicErasure(kafka.config(), DEADLINE, patience).erase(known, Set.copyOf(cut), monitored);
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
