package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which run a command is about. */
final class RunOption {
    private static final String DEFAULT = "demo";

    @Option(
            names = "--run",
            paramLabel = "NAME",
            defaultValue = DEFAULT,
            description = "The run: a folder below .tidewheel (default: ${DEFAULT-VALUE}).")
    private String name = DEFAULT;

    String name() {
        return name;
    }

    RunDirectory directory(Checkout checkout) {
        return directory(checkout, name);
    }

    private static RunDirectory directory(Checkout checkout, String name) {
        return new RunDirectory(checkout.root().resolve(".tidewheel").resolve(name));
    }

    /**
     * The run of a command that needs none.
     *
     * @param named if there is one
     * @param elsewhere whether something else says where things are; if not, it is the usual one
     */
    static Optional<RunDirectory> of(Optional<String> named, boolean elsewhere) {
        return named.or(() -> elsewhere ? Optional.empty() : Optional.of(DEFAULT))
                .map(name -> directory(Checkout.find(), name));
    }
}
