package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.backfill.Backfill;
import dev.tidewheel.history.backfill.ForeignRows;
import dev.tidewheel.history.backfill.ImportReport;
import dev.tidewheel.history.backfill.Imported;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.warehouse.PlainTable;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.kafka.KafkaUnavailableException;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Erasures.Erasure;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.sets.Place;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings history that never was in a source's topic. */
@Command(
        name = "backfill",
        description = {
            "Imports history that never was in a source's topic into its raw table: a Parquet file, or a table.",
            "What begins to be computed afterwards has it: new lineages, training sets. What is computed already has it not.",
            "All of it is imported, or nothing; the same import again changes nothing."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is imported, now or before",
            "1:it is imported, and some of its rows were refused: the table has them with the reason; or somebody was erased"
                    + " meanwhile: erase once more",
            "3:nothing was imported; the message says why"
        })
final class BackfillCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--source", paramLabel = "NAME", required = true, description = "The source.")
    private String source = "";

    @Option(
            names = "--from",
            paramLabel = "FILE",
            required = true,
            description = "A Parquet file, or table:NAME in the warehouse, whose columns have the source's names.")
    private String from = "";

    @Option(
            names = "--known",
            paramLabel = "COLUMN",
            description = "Its column that says when rows could be known; for a source that declares none.")
    private Optional<String> known = Optional.empty();

    @Option(
            names = "--column",
            paramLabel = "NAME=EXPR",
            description = "A column of the source that it does not store: an expression over those that it does;"
                    + " repeatable.")
    private Map<String, String> columns = new LinkedHashMap<>();

    @Mixin
    private SourcesOption where = new SourcesOption();

    @Mixin
    private ErasedOption erased = new ErasedOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Optional<RunReader> reader = where.reader();
        try (Warehouse open = Warehouse.open(where.warehouse(reader))) {
            Optional<Map<String, Definition>> registry = erased.registry(reader);
            ErasedEntities list = erased.list(registry);
            ImportReport report = run(where.defined(reader).source(source), open, list);
            boolean outdated = isOutdated(registry, reader);
            print(report, registry, outdated);
            return report.isSound() && !outdated ? ExitCode.OK : ExitCode.NOT_SOUND;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new WorkbenchException(String.valueOf(e.getMessage()), e);
        } finally {
            reader.ifPresent(RunReader::close);
        }
    }

    /** Whoever comes on the list after this look is emptied out of the tables with what was imported. */
    private boolean isOutdated(Optional<Map<String, Definition>> registry, Optional<RunReader> reader)
            throws InterruptedException {
        try {
            return !erasures(registry).equals(erasures(erased.registry(reader)));
        } catch (KafkaUnavailableException e) {
            spec.commandLine().getErr().println("the registry does not answer any more: " + e.getMessage());
            return true;
        }
    }

    private static Set<Erasure> erasures(Optional<Map<String, Definition>> registry) {
        return registry.map(all -> Set.copyOf(Erasures.all(all))).orElse(Set.of());
    }

    private ImportReport run(Source into, Warehouse open, ErasedEntities without) throws IOException {
        Terminal terminal = Terminal.ofProcess();
        terminal.status("reading " + from);
        ForeignRows rows = new ForeignRows(into, read(open), known, columns);
        return new Backfill(
                        open.catalog(),
                        new WallClock().now(),
                        (done, total) ->
                                terminal.status(String.format(Locale.ROOT, "writing %,d of %,d rows", done, total)))
                .without(without)
                .run(rows);
    }

    private RowTable read(Warehouse open) throws IOException {
        if (Place.of(from) instanceof Place.OfFile file) {
            if (!Files.isRegularFile(file.path())) {
                throw new WorkbenchException("there is no file " + file.path());
            }
            return RowTable.read(file.path());
        }
        PlainTable table = open.table(((Place.OfTable) Place.of(from)).name());
        return table.read(table.newestSnapshot().orElseThrow(() -> new WorkbenchException(from + " has no rows yet")));
    }

    /**
     * Says what was done.
     *
     * @param registry empty if nobody could look who is erased
     * @param outdated whether somebody may have been erased meanwhile
     */
    private void print(ImportReport report, Optional<Map<String, Definition>> registry, boolean outdated)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<String> without = registry.map(this::computed).orElse(List.of());
        if (output == OutputFormat.JSON) {
            ObjectNode json =
                    json(report).put("erasuresLookedAt", registry.isPresent()).put("erasedMeanwhile", outdated);
            without.forEach(json.putArray("computedBefore")::add);
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } else {
            text(report, without, out);
            if (registry.isEmpty()) {
                out.println("Nobody looked who is erased: no registry was named (--run, --bootstrap). If somebody is,"
                        + " erase them once more.");
            }
            if (outdated) {
                out.println("Somebody may have been erased meanwhile, and be in the import: erase them once more.");
            }
        }
        out.flush();
    }

    /** The lineages that have begun before. */
    private List<String> computed(Map<String, Definition> registry) {
        return ViewLineages.ofSource(registry, source).stream()
                .map(ViewLineage::id)
                .sorted()
                .toList();
    }

    private ObjectNode json(ImportReport report) {
        Imported imported = report.imported();
        ObjectNode json = JSON.createObjectNode()
                .put("source", source)
                .put("already", report.already())
                .put("import", imported.number())
                .put("partition", imported.partition())
                .put("rows", imported.rows())
                .put("refused", imported.refused())
                .put("handedOver", report.handedOver())
                .put("digest", imported.digest());
        if (imported.refused() < imported.rows()) {
            json.put("firstKnown", time(imported.firstKnown())).put("lastKnown", time(imported.lastKnown()));
        }
        ObjectNode reasons = json.putObject("reasons");
        report.refused().forEach((reason, rows) -> reasons.put(reason.name(), rows));
        return json;
    }

    private void text(ImportReport report, List<String> without, PrintWriter out) {
        Imported imported = report.imported();
        out.printf(
                "%s %,d rows into raw.%s, partition %d%n",
                report.already() ? "imported before:" : "imported", imported.rows(), source, imported.partition());
        if (imported.refused() < imported.rows()) {
            out.printf("known from %s to %s%n", time(imported.firstKnown()), time(imported.lastKnown()));
        }
        if (imported.refused() > 0) {
            out.printf("refused %,d%s%n", imported.refused(), reasons(report));
        }
        if (report.handedOver() > 0) {
            out.printf(
                    "%,d of them do not count: the source's handover leaves them to the topic%n", report.handedOver());
        }
        if (!report.already()) {
            out.println("What begins to be computed from now on has them; what is computed already has them not.");
            if (!without.isEmpty()) {
                out.printf(
                        "Begun before: %s. Training sets have the import from now on, what these serve has not: change"
                                + " the source's handover, and apply it.%n",
                        String.join(", ", without));
            }
        }
    }

    private static String reasons(ImportReport report) {
        return report.refused().isEmpty()
                ? ""
                : report.refused().entrySet().stream()
                        .map(each -> String.format(Locale.ROOT, "%s %,d", each.getKey(), each.getValue()))
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
