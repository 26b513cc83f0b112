package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where each model stands after its newest decision. */
@Command(
        name = "status",
        description = "Shows where each model stands: its champion, what runs, what is being rolled out.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there are decisions", "1:nothing was ever decided"})
final class LifecycleStatusCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private RunOption run = new RunOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        Map<String, LifecycleDecision> newest = new TreeMap<>();
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            reader.topics()
                    .scan(
                            Topics.LIFECYCLE,
                            LifecycleDecision.class,
                            decision -> newest.put(decision.getModel(), decision));
        }
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode models = JSON.createArrayNode();
        for (LifecycleDecision decision : newest.values()) {
            ObjectNode model = models.addObject();
            model.put("model", decision.getModel());
            model.put("phase", decision.getTo());
            model.put("now", Instant.ofEpochMilli(decision.getNow()).toString());
            model.put("reason", decision.getReason());
            model.set("state", JSON.readTree(decision.getState()));
        }
        if (output == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(models));
        } else {
            models.forEach(model -> out.printf(
                    "%s: %s, champion %s, by the decision of %s: %s%n",
                    model.path("model").asText(),
                    model.path("phase").asText(),
                    model.path("state").path("champion").asText("none"),
                    model.path("now").asText(),
                    model.path("reason").asText()));
        }
        out.flush();
        return newest.isEmpty() ? ExitCode.NOT_SOUND : ExitCode.OK;
    }
}
