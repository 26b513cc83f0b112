package dev.tidewheel.workbench.cli;

import dev.tidewheel.submission.FlinkSubmitter;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.stack.RunInfo;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Flink cluster: given, or that of a run on this machine. */
final class FlinkOption {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Mixin
    private RunOption run = new RunOption();

    @Option(
            names = "--flink",
            paramLabel = "URI",
            description = "The cluster's REST interface, http://host:port (default: that of the run).")
    private Optional<URI> flink = Optional.empty();

    FlinkSubmitter open() {
        return new FlinkSubmitter(flink.orElseGet(this::ofRun), DEADLINE);
    }

    private URI ofRun() {
        RunDirectory directory = run.directory(Checkout.find());
        return URI.create(RunInfo.read(directory).requireRunning(directory).flink());
    }
}
