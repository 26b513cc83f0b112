package dev.tidewheel.workbench.cli;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.stack.RunInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where Kafka is: given, or that of a run on this machine. */
final class KafkaOption {
    @Mixin
    private RunOption run = new RunOption();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's address (default: the broker of the run, which must be there).")
    private @Nullable String bootstrap;

    KafkaConfig config() {
        if (bootstrap != null) {
            return new KafkaConfig(bootstrap);
        }
        return new KafkaConfig(running().bootstrap());
    }

    /**
     * The Kafka of a command that needs none.
     *
     * @param bootstrap where it is, if it is named
     * @param run whose Kafka it is otherwise
     */
    static Optional<KafkaConfig> of(Optional<String> bootstrap, Optional<RunReader> run) throws InterruptedException {
        if (bootstrap.isPresent() || run.isEmpty()) {
            return bootstrap.map(KafkaConfig::new);
        }
        return Optional.of(run.get().kafka());
    }

    /** The run, which must be there. */
    RunInfo running() {
        RunDirectory directory = run.directory(Checkout.find());
        return RunInfo.read(directory).requireRunning(directory);
    }
}
