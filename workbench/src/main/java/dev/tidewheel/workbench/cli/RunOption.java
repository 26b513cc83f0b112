package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import picocli.CommandLine.Option;

/** Which run a command is about. */
final class RunOption {
    @Option(
            names = "--run",
            paramLabel = "NAME",
            defaultValue = "demo",
            description = "The run: a folder below .tidewheel (default: ${DEFAULT-VALUE}).")
    private String name = "demo";

    String name() {
        return name;
    }

    RunDirectory directory(Checkout checkout) {
        return new RunDirectory(checkout.root().resolve(".tidewheel").resolve(name));
    }
}
