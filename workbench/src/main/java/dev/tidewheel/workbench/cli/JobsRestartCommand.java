package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.submission.JobRestart;
import dev.tidewheel.submission.Submission;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has a job take up what is in force now. */
@Command(
        name = "restart",
        description = {
            "Stops a job with a savepoint and starts it from there: it takes up the lineages that were begun, and"
                    + " leaves out those that were retired.",
            "Not for the jobs of a demo that runs: the demo itself starts a job that is gone."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it runs",
            "1:it has ended and does not run again; the message says where its savepoint is",
            "3:nothing was done"
        })
final class JobsRestartCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "NAME", description = "The job, such as features-flights.")
    private String name = "";

    @Option(names = "--jar", paramLabel = "FILE", required = true, description = "The jar to submit.")
    private Path jar = Path.of("");

    @Option(
            names = "--entry-class",
            paramLabel = "CLASS",
            defaultValue = "dev.tidewheel.jobs.FeatureJob",
            description = "Its main (default: ${DEFAULT-VALUE}).")
    private String entryClass = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "What the main reads; a path on the cluster's JobManager.")
    private String config = "";

    @Option(
            names = "--savepoints",
            paramLabel = "URI",
            description = "Where savepoints are written: a folder that the cluster sees. Needed without --from.")
    private Optional<String> savepoints = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description = "A savepoint of the job, which must not run: starts it from there.")
    private Optional<String> from = Optional.empty();

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "10m",
            description = "For each step (default: ${DEFAULT-VALUE}).")
    private Duration deadline = Duration.ofMinutes(10);

    @Mixin
    private FlinkOption flink = new FlinkOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        JobRestart restart = new JobRestart(flink.open(), deadline);
        Submission next = new Submission(jar, entryClass, List.of("--config", config), Optional.empty());
        JobRestart.Outcome outcome = from.isPresent()
                ? restart.start(next, from.get())
                : restart.restart(name, next, savepoints.orElseThrow(this::noPlace));
        if (outcome instanceof JobRestart.Outcome.Running running) {
            print(true, running.savepoint(), "job " + name + " runs from " + running.savepoint());
            return ExitCode.OK;
        }
        JobRestart.Outcome.Stopped stopped = (JobRestart.Outcome.Stopped) outcome;
        print(
                false,
                stopped.savepoint(),
                "job " + name + " does not run: " + stopped.reason() + "\nPut that right, then add --from "
                        + stopped.savepoint());
        return ExitCode.NOT_SOUND;
    }

    private ParameterException noPlace() {
        return new ParameterException(spec.commandLine(), "say with --savepoints where the savepoint is to be written");
    }

    private void print(boolean runs, String savepoint, String sentence) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ObjectNode node = JSON.createObjectNode();
            node.put("job", name).put("runs", runs).put("savepoint", savepoint).put("message", sentence);
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
        } else {
            out.println(sentence);
        }
        out.flush();
    }
}
