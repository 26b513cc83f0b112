package dev.tidewheel.workbench.cli;

import dev.tidewheel.history.parity.Difference;
import dev.tidewheel.history.parity.ParityReport;
import dev.tidewheel.history.parity.ParitySettings;
import dev.tidewheel.history.parity.ViewParity;
import dev.tidewheel.workbench.inspect.RunReader;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recomputes everything that was served. */
@Command(
        name = "parity",
        description = {
            "Computes every value that a run has served again, naively, and tells those that differ.",
            "Each from the raw events in its cut. Also says how timely the served values were."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every served value is explained", "1:some are not"})
final class ParityCommand implements Callable<Integer> {
    @Mixin
    private RunOption run = new RunOption();

    @Option(
            names = "--bound",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How old a known change may be before a vector that misses it is untimely (default: 5m).")
    private Duration bound = Duration.ofMinutes(5);

    @Option(names = "--list", paramLabel = "N", description = "How many differences to show (default: 20).")
    private int listed = 20;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        ParitySettings settings =
                new ParitySettings(bound, listed, Runtime.getRuntime().availableProcessors());
        try (RunReader reader = RunReader.open(checkout, run.directory(checkout))) {
            ParityReport report = reader.parity(settings);
            PrintWriter out = spec.commandLine().getOut();
            if (output == OutputFormat.JSON) {
                out.print(report.toJson());
            } else {
                print(out, report);
            }
            out.flush();
            return report.unexplained() == 0 ? ExitCode.OK : ExitCode.NOT_SOUND;
        }
    }

    private static void print(PrintWriter out, ParityReport report) {
        out.printf("%,d vectors, %,d values%n%n", report.inferences(), report.values());
        out.printf(
                "%-20s %10s %12s %8s %8s %9s %12s%n",
                "view", "matched", "unexplained", "pending", "erased", "untimely", "lag p99");
        for (ViewParity view : report.views()) {
            out.printf(
                    "%-20s %,10d %,12d %,8d %,8d %,9d %,9d ms%n",
                    view.view(),
                    view.matched(),
                    view.unexplained(),
                    view.pending(),
                    view.erased(),
                    view.untimely(),
                    view.lagMillis().p99());
        }
        for (Difference difference : report.differences()) {
            out.printf(
                    "%n%s at %s, %s of %s: served %s, should be %s, cut %s",
                    difference.requestId(),
                    Instant.ofEpochMilli(difference.t()),
                    difference.column(),
                    difference.key(),
                    difference.served(),
                    difference.expected(),
                    difference.cut());
        }
        out.println();
    }
}
