package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.history.books.Equation;
import dev.tidewheel.history.warehouse.Warehouse;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.inspect.SourceBooks;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether anything was lost on the way into the raw tables. */
@Command(
        name = "books",
        description = {
            "Holds the raw tables against topics, imports and dead letters.",
            "Each record is there once, and each that does not count is told. Sums close when the jobs are at rest, a"
                    + " checkpoint after the last record."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all sums balance", "1:one does not", "3:nothing could be counted; the message says why"})
final class BooksCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "Only this source; repeatable (default: all that have a raw table).")
    private List<String> sources = List.of();

    @Mixin
    private SourcesOption where = new SourcesOption();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Address of Kafka (default: that of the run; without one, only imports are counted).")
    private Optional<String> bootstrap = Optional.empty();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Optional<RunReader> reader = where.reader();
        try (Warehouse open = Warehouse.open(where.warehouse(reader))) {
            SourceBooks books = new SourceBooks(where.defined(reader), open);
            List<Source> wanted = wanted(books.sources());
            Optional<KafkaConfig> kafka = KafkaOption.of(bootstrap, reader);
            if (kafka.isPresent()) {
                books.enter(wanted, kafka.get());
            } else {
                books.enter(wanted);
            }
            if (books.books().equations().isEmpty()) {
                throw new WorkbenchException(
                        "there is nothing to count: no import, and no Kafka was named (--run, --bootstrap)");
            }
            print(books, kafka.isPresent());
            return books.books().balance() ? ExitCode.OK : ExitCode.NOT_SOUND;
        } finally {
            reader.ifPresent(RunReader::close);
        }
    }

    private List<Source> wanted(List<Source> known) {
        for (String name : sources) {
            if (known.stream().noneMatch(source -> source.name().equals(name))) {
                throw new WorkbenchException("source '" + name + "' has no raw table; there are those of "
                        + known.stream().map(Source::name).toList());
            }
        }
        if (known.isEmpty()) {
            throw new WorkbenchException("no source has a raw table yet: start a job, or import");
        }
        return sources.isEmpty()
                ? known
                : known.stream()
                        .filter(source -> sources.contains(source.name()))
                        .toList();
    }

    private void print(SourceBooks books, boolean withTopics) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Equation> equations = books.books().equations();
        if (output == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(books)));
        } else {
            equations.forEach(out::println);
            books.leftOut()
                    .forEach(lineage -> out.println("dead letters of " + lineage
                            + " are not counted: it was begun by another definition of its source"));
            books.unread().forEach(out::println);
            if (!withTopics) {
                out.println("Topics and dead letters were not looked at: no Kafka was named (--run, --bootstrap).");
            }
            out.println(
                    equations.stream().filter(Equation::holds).count() + " of " + equations.size() + " sums balance");
        }
        out.flush();
    }

    private static ObjectNode json(SourceBooks books) {
        ObjectNode json = JSON.createObjectNode().put("balance", books.books().balance());
        ArrayNode equations = json.putArray("equations");
        for (Equation equation : books.books().equations()) {
            equations
                    .addObject()
                    .put("name", equation.name())
                    .put("leftName", equation.leftName())
                    .put("left", equation.left())
                    .put("rightName", equation.rightName())
                    .put("right", equation.right())
                    .put("holds", equation.holds());
        }
        books.leftOut().forEach(json.putArray("lettersNotCounted")::add);
        books.unread().forEach(json.putArray("importsNotRead")::add);
        return json;
    }
}
