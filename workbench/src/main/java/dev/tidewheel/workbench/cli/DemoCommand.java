package dev.tidewheel.workbench.cli;

import dev.tidewheel.workbench.demo.DemoRun;
import dev.tidewheel.workbench.demo.DemoSettings;
import dev.tidewheel.workbench.demo.Injections;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.ReportJson;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.terminal.ExitCode;
import dev.tidewheel.workbench.terminal.Terminal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays the story of the flights. */
@Command(
        name = "demo",
        description = {
            "Starts the platform on this machine and plays a story of real flights through it.",
            "Definitions, features, training, serving, and a report that recomputes everything that was served.",
            "",
            "A start after a crash goes on where the last one stopped. Ctrl-C ends with a report of what was done."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:books balance, and every served value is explained",
            "1:they do not, see the report",
            "2:the command line is wrong",
            "3:something could not be started or did not answer",
            "130:stopped by Ctrl-C"
        })
final class DemoCommand implements Callable<Integer> {
    private static final String DATA = "flights.parquet";

    @Mixin
    private RunOption run = new RunOption();

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "The flights: a file that 'tidewheel fetch' made, or its folder (default: examples/flights).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--definitions",
            paramLabel = "DIR",
            description = "The folder with the definitions (default: examples/flights).")
    private Optional<Path> definitions = Optional.empty();

    @Option(
            names = "--history-from",
            paramLabel = "DATE",
            description = "Flights before are left out (default: ${DEFAULT-VALUE}).")
    private LocalDate historyFrom = LocalDate.of(2001, 1, 1);

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "The lock-step begins here; what was known before goes through in bulk "
                    + "(default: ${DEFAULT-VALUE}).")
    private LocalDate from = LocalDate.of(2001, 2, 1);

    @Option(names = "--to", paramLabel = "DATE", description = "The lock-step ends here (default: ${DEFAULT-VALUE}).")
    private LocalDate to = LocalDate.of(2001, 3, 2);

    @Option(
            names = "--judge-to",
            paramLabel = "DATE",
            description =
                    "Both models are also judged offline on all flights up to here, played or not, as 2001-07-01 for "
                            + "all there are (default: eight days after the end of the lock-step, so that the last "
                            + "promotion has its week).")
    private Optional<LocalDate> judgeTo = Optional.empty();

    @Option(
            names = "--tick",
            paramLabel = "TIME",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "Story time per step. With 1m every question is answered with all that was known at its "
                    + "minute; longer ticks are faster (default: ${DEFAULT-VALUE}).")
    private Duration tick = Duration.ofMinutes(5);

    @Option(
            names = "--control-tick",
            paramLabel = "TIME",
            defaultValue = "6h",
            converter = DurationConverter.class,
            description = "Story time between two moments at which the story waits until monitoring and lifecycle have "
                    + "settled; whole ticks (default: ${DEFAULT-VALUE}).")
    private Duration controlTick = Duration.ofHours(6);

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description = "At most so many seconds of story per second (default: as fast as it goes).")
    private Optional<Double> speed = Optional.empty();

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Questions asked at once (default: ${DEFAULT-VALUE}).")
    private int concurrency = 16;

    @Option(names = "--redis", paramLabel = "URI", description = "Use this Redis server instead of starting one.")
    private Optional<URI> redis = Optional.empty();

    @Option(
            names = "--inject",
            paramLabel = "NAME=VALUE",
            description = "Make errors on purpose, which parity must find: drop=1e-4, double=1e-4, boundary=le, "
                    + "stale=5s; or let the feature job's process die: deaths=FILE.")
    private Map<String, String> injections = new TreeMap<>();

    @Option(names = "--fresh", description = "Forget what an earlier start of this run has done.")
    private boolean fresh;

    @Option(names = "--keep-running", description = "Let everything run after the report, until Ctrl-C.")
    private boolean keepRunning;

    @Option(names = "--exit-when-done", description = "End after the report; the default unless on a terminal.")
    private boolean exitWhenDone;

    @Option(names = "--output", description = "What stdout gets at the end: ${COMPLETION-CANDIDATES}.")
    private Optional<OutputFormat> output = Optional.empty();

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Checkout checkout = Checkout.find();
        Terminal terminal = Terminal.ofProcess();
        boolean stay = keepRunning || (terminal.interactive() && !exitWhenDone);
        Report report = new DemoRun(settings(checkout), checkout, run.directory(checkout), terminal, stay).play(fresh);
        if (output.isPresent() && output.get() == OutputFormat.JSON) {
            spec.commandLine().getOut().print(ReportJson.render(report));
            spec.commandLine().getOut().flush();
        }
        if (report.outcome() == Report.Outcome.INTERRUPTED) {
            return ExitCode.INTERRUPTED;
        }
        return report.sound() ? ExitCode.OK : ExitCode.NOT_SOUND;
    }

    private DemoSettings settings(Checkout checkout) {
        Path flights = data.orElse(checkout.flights());
        return new DemoSettings(
                definitions.orElse(checkout.flights()),
                Files.isDirectory(flights) ? flights.resolve(DATA) : flights,
                midnight(historyFrom),
                midnight(from),
                midnight(to),
                midnight(judgeTo.orElse(to.plusDays(8))),
                tick,
                controlTick,
                speed,
                concurrency,
                redis,
                new Injections(injections));
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
