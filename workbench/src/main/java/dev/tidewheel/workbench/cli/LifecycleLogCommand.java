package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.records.DecisionNumber;
import dev.tidewheel.records.DecisionOutcome;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The decisions, one after the other. */
@Command(
        name = "log",
        description = "Shows the decisions with their reasons and the numbers that they follow from.",
        mixinStandardHelpOptions = true)
final class LifecycleLogCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private RunOption run = new RunOption();

    @Option(names = "--model", paramLabel = "NAME", description = "Only of this model.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--all", description = "Also those that changed nothing.")
    private boolean all;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        List<LifecycleDecision> decisions = new ArrayList<>();
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            reader.topics().scan(Topics.LIFECYCLE, LifecycleDecision.class, decision -> {
                if (isWanted(decision)) {
                    decisions.add(decision);
                }
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ArrayNode list = JSON.createArrayNode();
            for (LifecycleDecision decision : decisions) {
                list.add(json(decision));
            }
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list));
        } else {
            decisions.forEach(decision -> print(out, decision));
        }
        out.flush();
        return ExitCode.OK;
    }

    private boolean isWanted(LifecycleDecision decision) {
        boolean tells =
                decision.getOutcome() == DecisionOutcome.CHANGED || decision.getOutcome() == DecisionOutcome.REFUSED;
        return (all || tells)
                && model.filter(name -> !name.equals(decision.getModel())).isEmpty();
    }

    private static void print(PrintWriter out, LifecycleDecision decision) {
        String phases = decision.getFrom().equals(decision.getTo())
                ? decision.getTo()
                : decision.getFrom() + " -> " + decision.getTo();
        out.printf(
                "%s  %s  %s  %s%n    %s%n",
                Instant.ofEpochMilli(decision.getNow()),
                decision.getOutcome().name().toLowerCase(Locale.ROOT),
                phases,
                decision.getEventId(),
                decision.getReason());
        for (DecisionNumber number : decision.getNumbers()) {
            out.printf("      %s = %s%n", number.getName(), number.getValue());
        }
    }

    private static ObjectNode json(LifecycleDecision decision) throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode();
        json.put("model", decision.getModel());
        json.put("inboxPartition", decision.getInboxPartition());
        json.put("inboxOffset", decision.getInboxOffset());
        json.put("eventId", decision.getEventId());
        json.put("now", Instant.ofEpochMilli(decision.getNow()).toString());
        json.put("outcome", decision.getOutcome().name());
        json.put("reason", decision.getReason());
        ObjectNode numbers = json.putObject("numbers");
        decision.getNumbers().forEach(number -> numbers.put(number.getName(), number.getValue()));
        json.put("from", decision.getFrom());
        json.put("to", decision.getTo());
        json.set("state", JSON.readTree(decision.getState()));
        ArrayNode desired = json.putArray("desired");
        decision.getDesired()
                .forEach(change ->
                        desired.addObject().put("slot", change.getSlot()).put("generation", change.getGeneration()));
        return json;
    }
}
