package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.history.explain.Preview;
import dev.tidewheel.history.explain.Preview.Point;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A view's values over time. */
@Command(
        name = "preview",
        description = {
            "Shows a view's values for one key over time, as serving would have given them, and why a value is null.",
            "With --known-by or --hindsight: what was known later.",
            "Reads the raw table of a run, which need not run any more."
        },
        mixinStandardHelpOptions = true)
final class PreviewCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "VIEW", description = "The view, such as origin_delays.")
    private String view = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY",
            arity = "1..*",
            description = "The values of the view's entity columns, such as ORD, or ORD LAX.")
    private List<String> key = List.of();

    @Mixin
    private RunOption run = new RunOption();

    @Mixin
    private KnowledgeOption knowledge = new KnowledgeOption();

    @Option(
            names = "--at",
            split = ",",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "The moments to show, such as 2001-03-01; or --from and --to.")
    private List<Instant> at = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "Such as 2001-02-01T08:00:00Z.")
    private Optional<Instant> from = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = MomentConverter.class,
            description = "Such as 2001-02-01T20:00:00Z.")
    private Optional<Instant> to = Optional.empty();

    @Option(
            names = "--step",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time between two lines (default: 1h).")
    private Duration step = Duration.ofHours(1);

    @Option(names = "--features", split = ",", paramLabel = "NAME", description = "Only these (default: all).")
    private List<String> features = List.of();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            ViewPlan plan = reader.script().definitions().viewPlan(view);
            Preview preview = new Preview(plan, knowledge.retiming().of(reader.raw(), plan.spec()));
            String entity = EntityKeys.join(key);
            if (!preview.keys().contains(entity)) {
                throw new WorkbenchException("view " + view + " has no key " + entity + "; some that it has: "
                        + preview.keys().stream().limit(10).toList());
            }
            print(points(preview, entity));
            return ExitCode.OK;
        }
    }

    private List<Point> points(Preview preview, String entity) {
        if (at.isEmpty() == (from.isEmpty() || to.isEmpty())) {
            throw new WorkbenchException("say when: either --at, or --from and --to");
        }
        return at.isEmpty()
                ? preview.series(entity, from.orElseThrow(), to.orElseThrow(), step)
                : at.stream()
                        .flatMap(t -> preview.series(entity, t, t, step).stream())
                        .toList();
    }

    private void print(List<Point> points) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ArrayNode json = JSON.createArrayNode();
            points.forEach(point -> json.addObject()
                    .put("t", point.t().toString())
                    .putPOJO("values", point.values())
                    .putPOJO("reasons", point.reasons()));
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } else {
            points.forEach(point -> print(out, point));
        }
        out.flush();
    }

    private void print(PrintWriter out, Point point) {
        out.println(point.t());
        for (Map.Entry<String, String> value : point.values().entrySet()) {
            if (features.isEmpty() || features.contains(value.getKey())) {
                String reason = point.reasons().getOrDefault(value.getKey(), "");
                out.println(String.format("  %-20s %-22s %s", value.getKey(), value.getValue(), reason)
                        .stripTrailing());
            }
        }
    }
}
