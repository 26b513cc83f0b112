package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidewheel.submission.JobSummary;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a cluster runs. */
@Command(name = "list", description = "Lists the jobs that have not ended.", mixinStandardHelpOptions = true)
final class JobsListCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private FlinkOption flink = new FlinkOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<JobSummary> jobs = flink.open().jobs().stream()
                .filter(job -> !job.status().ended())
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ArrayNode list = JSON.createArrayNode();
            jobs.forEach(job -> list.addObject()
                    .put("name", job.name())
                    .put("id", job.id().hex())
                    .put("status", job.status().name())
                    .put("tasksRunning", job.tasksRunning())
                    .put("tasks", job.tasks()));
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list));
        } else {
            jobs.forEach(job -> out.printf(
                    "%s  %s, %d of %d tasks run, %s%n",
                    job.name(), job.status(), job.tasksRunning(), job.tasks(), job.id()));
        }
        out.flush();
        return ExitCode.OK;
    }
}
