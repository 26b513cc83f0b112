package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.history.explain.Explain;
import dev.tidewheel.history.explain.ServedExplanation;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Inference;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.inspect.ExplanationText;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes one served prediction apart. */
@Command(
        name = "explain",
        description = {
            "Takes one served prediction apart: each value and the events behind it, the model and its training.",
            "Events are told with topic, partition and offset. Each value is computed again by the naive oracle."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every value is explained", "1:a value differs from the oracle's"})
final class ExplainCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "REQUEST", description = "The request's id, such as late-arrival-508241.")
    private String request = "";

    @Mixin
    private RunOption run = new RunOption();

    @Option(names = "--tiles", description = "Also show what each value was merged from, and its newest events.")
    private boolean tiles;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            Inference inference = find(reader);
            ServedExplanation served =
                    new Explain(reader.script().service(), reader.histories(), reader.frontiers()).explain(inference);
            ServedExplanation whole = withModel(served, reader);
            PrintWriter out = spec.commandLine().getOut();
            out.print(output == OutputFormat.JSON ? whole.toJson() : ExplanationText.render(whole, tiles));
            out.flush();
            return whole.isExplained() ? ExitCode.OK : ExitCode.NOT_SOUND;
        }
    }

    private Inference find(RunReader reader) throws InterruptedException {
        AtomicReference<@Nullable Inference> found = new AtomicReference<>();
        reader.topics().scan(Topics.INFERENCES, Inference.class, inference -> {
            if (inference.getRequestId().equals(request)) {
                found.set(inference);
            }
        });
        Inference inference = found.get();
        if (inference == null) {
            throw new WorkbenchException("no request '" + request + "' was logged by run '" + run.name()
                    + "'; ids look like " + reader.script().model().name() + "-508241");
        }
        return inference;
    }

    private static ServedExplanation withModel(ServedExplanation served, RunReader reader) throws Exception {
        Definition version = new Applier(reader.kafka())
                .inForce()
                .get(Registry.key("ModelVersion", served.model() + "." + served.modelVersion()));
        return version == null ? served : served.with(JSON.readTree(version.getBody()));
    }
}
