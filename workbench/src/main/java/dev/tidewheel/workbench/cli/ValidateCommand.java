package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.definitions.DefinitionTests;
import dev.tidewheel.definitions.DefinitionTests.Result;
import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.Hints;
import dev.tidewheel.definitions.problem.Problem;
import dev.tidewheel.workbench.cost.CostReport;
import dev.tidewheel.workbench.cost.CostText;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks definitions, offline. */
@Command(
        name = "validate",
        description = {
            "Checks definitions whole and offline: names, types, expressions, windows, limits of cost.",
            "Each problem is one line: FILE:LINE:COLUMN CODE what is wrong and what to write instead."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is wrong", "1:something is wrong, or a test failed"})
final class ValidateCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private DefinitionsFolder folder = new DefinitionsFolder();

    @Option(names = "--run-tests", description = "Also run the tests that the views carry.")
    private boolean runTests;

    @Option(
            names = "--cost",
            description = "Also estimate what busy keys cost: bytes per key, bytes written per event, work per read.")
    private boolean cost;

    @Option(names = "--keys", paramLabel = "N", description = "Keys of each view, for --cost (default: 100000).")
    private long keys = 100_000;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time between two events of a key, for --cost (default: 1m).")
    private Duration every = Duration.ofMinutes(1);

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (keys < 1 || every.toMillis() < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--keys is at least 1 and --every at least 1ms; write --keys 100000 --every 1m");
        }
        Definitions definitions = folder.load();
        List<Result> tests =
                runTests && definitions.problems().isEmpty() ? DefinitionTests.run(definitions) : List.of();
        Optional<CostReport> costs = cost && definitions.problems().isEmpty()
                ? Optional.of(CostReport.of(definitions, keys, every))
                : Optional.empty();
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ObjectNode json = json(definitions, tests);
            costs.ifPresent(report -> json.set("cost", JSON.valueToTree(report)));
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } else {
            print(out, definitions, tests);
            costs.ifPresent(report -> CostText.print(report, out));
        }
        out.flush();
        boolean good = definitions.problems().isEmpty() && tests.stream().allMatch(Result::passed);
        return good ? ExitCode.OK : ExitCode.NOT_SOUND;
    }

    private static void print(PrintWriter out, Definitions definitions, List<Result> tests) {
        definitions.problems().forEach(out::println);
        for (Result test : tests) {
            out.println((test.passed() ? "passed  " : "FAILED  ") + test.view() + ": " + test.test());
            test.failures().forEach(failure -> out.println("        " + failure));
        }
        Hints.of(definitions).forEach(hint -> out.println("hint: " + hint));
        if (definitions.problems().isEmpty()) {
            out.println("Nothing is wrong with " + definitions.sources().size() + " sources, "
                    + definitions.views().size() + " views, "
                    + definitions.services().size() + " services, "
                    + definitions.models().size() + " models, "
                    + definitions.monitors().size() + " monitors, "
                    + definitions.retrainings().size() + " retrainings and "
                    + definitions.rollouts().size() + " rollouts.");
        }
    }

    private static ObjectNode json(Definitions definitions, List<Result> tests) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode problems = json.putArray("problems");
        for (Problem problem : definitions.problems()) {
            problems.addObject()
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("code", problem.code().toString())
                    .put("message", problem.message());
        }
        ArrayNode hints = json.putArray("hints");
        Hints.of(definitions).forEach(hints::add);
        ArrayNode results = json.putArray("tests");
        for (Result test : tests) {
            ObjectNode result = results.addObject()
                    .put("view", test.view())
                    .put("test", test.test())
                    .put("passed", test.passed());
            ArrayNode failures = result.putArray("failures");
            test.failures().forEach(failure -> failures.add(failure.toString()));
        }
        return json;
    }
}
