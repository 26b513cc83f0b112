package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.clock.WallClock;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.dead.LetterFilter;
import dev.tidewheel.workbench.dead.Letters;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists letters and counts them. */
@Command(
        name = "list",
        description = "Lists dead letters, and counts them by topic, reason and view.",
        mixinStandardHelpOptions = true)
final class DeadLettersListCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private LetterOptions which = new LetterOptions();

    @Option(names = "--all", description = "Also those that were replayed or dropped.")
    private boolean all;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Shows at most so many; all are counted (default: ${DEFAULT-VALUE}).")
    private int limit = 100;

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
        LetterFilter filter = which.filter(registry, Optional.empty(), all, new WallClock().now());
        ArrayNode shown = JSON.createArrayNode();
        TreeMap<String, Long> counts = new TreeMap<>();
        new Letters(config, DEADLINE).visit(filter, (letter, writtenAt) -> {
            String view = letter.getView() == null ? letter.getStage() : letter.getView();
            counts.merge(letter.getTopic() + " " + letter.getReason() + " " + view, 1L, Long::sum);
            if (shown.size() < limit) {
                shown.add(LetterJson.of(letter, writtenAt));
            }
        });
        print(shown, counts);
        return ExitCode.OK;
    }

    private void print(ArrayNode shown, Map<String, Long> counts) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        if (output == OutputFormat.JSON) {
            ObjectNode root = JSON.createObjectNode();
            root.put("total", total);
            ArrayNode groups = root.putArray("counts");
            counts.forEach((group, count) -> {
                String[] parts = group.split(" ", 3);
                groups.addObject()
                        .put("topic", parts[0])
                        .put("reason", parts[1])
                        .put("by", parts[2])
                        .put("letters", count);
            });
            root.set("letters", shown);
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
        } else {
            shown.forEach(letter -> out.println(LetterJson.line((ObjectNode) letter)));
            counts.forEach((group, count) -> out.println(count + "  " + group));
            out.println(total + " letters" + (total > shown.size() ? ", " + shown.size() + " shown" : ""));
        }
        out.flush();
    }
}
