package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.apply.LineageNeeds;
import dev.tidewheel.workbench.apply.LiveProgress;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which lineages there are, how far they are, and who needs them. */
@Command(
        name = "lineages",
        description =
                "Lists the lineages of all views: which pipeline computes them, how far they are, who needs them.",
        mixinStandardHelpOptions = true,
        subcommands = LineagesCompareCommand.class)
final class LineagesCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        KafkaConfig config = kafka.config();
        Map<String, Definition> registry = new Applier(config).inForce();
        List<ViewLineage> computed = ViewLineages.known(registry);
        List<ViewLineage> retired = ViewLineages.retired(registry);
        List<String> sources = Stream.concat(computed.stream(), retired.stream())
                .map(ViewLineage::source)
                .distinct()
                .toList();
        ArrayNode list = JSON.createArrayNode();
        try (LiveProgress progress = LiveProgress.open(config, sources, DEADLINE)) {
            computed.forEach(lineage -> describe(list.addObject(), lineage, registry, progress));
        }
        retired.forEach(lineage -> identify(list.addObject(), lineage).put("state", "retired"));
        print(list);
        return ExitCode.OK;
    }

    private static ObjectNode identify(ObjectNode node, ViewLineage lineage) {
        return node.put("lineage", lineage.id()).put("source", lineage.source()).put("cohort", lineage.cohort());
    }

    private static void describe(
            ObjectNode node, ViewLineage lineage, Map<String, Definition> registry, LiveProgress progress) {
        Optional<String> behind = progress.behind(lineage.source(), lineage.view(), lineage.lineage());
        identify(node, lineage).put("state", behind.orElse("has caught up"));
        ArrayNode needs = node.putArray("neededBy");
        new LineageNeeds(registry)
                .of(lineage)
                .forEach(need -> needs.add(need.who() + (need.serves() ? "" : " (may come back)")));
    }

    private void print(ArrayNode list) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list));
        } else {
            list.forEach(lineage -> {
                out.printf(
                        "%s  source %s, cohort %d: %s%n",
                        lineage.path("lineage").asText(),
                        lineage.path("source").asText(),
                        lineage.path("cohort").asLong(),
                        lineage.path("state").asText());
                lineage.path("neededBy").forEach(need -> out.println("    needed by " + need.asText()));
            });
        }
        out.flush();
    }
}
