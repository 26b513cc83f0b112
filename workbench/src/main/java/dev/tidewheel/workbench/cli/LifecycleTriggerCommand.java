package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.control.LifecycleInbox;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A person asks for a training. */
@Command(
        name = "trigger",
        description = {
            "Asks for a training now. It waits for no cool-down, but for its turn and for the budget.",
            "In a run that plays a story, the next control tick waits for it."
        },
        mixinStandardHelpOptions = true)
final class LifecycleTriggerCommand implements Callable<Integer> {
    @Option(names = "--retraining", paramLabel = "NAME", required = true, description = "Which one shall start.")
    private String retraining = "";

    @Option(names = "--model", paramLabel = "NAME", description = "Its model (default: the retraining's).")
    private Optional<String> model = Optional.empty();

    @Option(names = "--why", paramLabel = "TEXT", description = "For the log.")
    private String why = "no reason was given";

    @Option(
            names = "--id",
            paramLabel = "TEXT",
            description = "The same id asks only once, however often it is sent (default: a new one).")
    private Optional<String> id = Optional.empty();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private KafkaOption kafka = new KafkaOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        LifecycleInbox inbox = new LifecycleInbox(kafka.config());
        String event = id.orElseGet(() -> "manual/" + UUID.randomUUID());
        String about = model.isPresent() ? model.get() : inbox.modelOf(retraining);
        inbox.trigger(event, about, Optional.of(retraining), why);
        Sent.print(spec, output, event, about);
        return ExitCode.OK;
    }
}
