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

/** A person wants the former champion back. */
@Command(
        name = "rollback",
        description = {
            "Brings the former champion back, with the features that it was trained on.",
            "What is being rolled out is taken out first. The decision says so, or why it cannot be."
        },
        mixinStandardHelpOptions = true)
final class LifecycleRollbackCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "NAME", description = "Whose (default: the one that is defined).")
    private Optional<String> model = Optional.empty();

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
        String event = "manual/" + UUID.randomUUID();
        String about = model.isPresent() ? model.get() : inbox.onlyModel();
        inbox.trigger(event, about, Optional.empty(), LifecycleInbox.ROLLBACK);
        Sent.print(spec, output, event, about);
        return ExitCode.OK;
    }
}
