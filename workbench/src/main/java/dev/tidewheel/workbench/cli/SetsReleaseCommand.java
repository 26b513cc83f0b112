package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.sets.SetTags;
import dev.tidewheel.workbench.sets.SetTags.SetTag;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets snapshots go that a training set holds. */
@Command(
        name = "release",
        description = {
            "Releases a tag in every table that has it.",
            "Once care has expired the snapshots, the training set that it was made for cannot be built again. A tag"
                    + " that a set or a version of a model names is released with --force only."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the tag is released", "3:there is no such tag, or somebody names it; the message says who"})
final class SetsReleaseCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "TAG", description = "As 'tidewheel sets' lists it.")
    private String tag = "";

    @Mixin
    private SetTagsOption where = new SetTagsOption();

    @Option(names = "--force", description = "Release it although somebody names it, or not everybody was asked.")
    private boolean force;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<SetTag> released = where.open(this::release);
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            ObjectNode json = JSON.createObjectNode().put("released", tag);
            released.forEach(each -> json.withArray("tables").add(each.table()));
            out.println(json);
        } else {
            released.forEach(each -> out.println(each.table() + ": tag " + tag + " is released"));
        }
        out.flush();
        return ExitCode.OK;
    }

    private List<SetTag> release(SetTags tags) throws IOException {
        List<SetTag> theirs =
                tags.all().stream().filter(each -> each.tag().equals(tag)).toList();
        if (theirs.isEmpty()) {
            throw new WorkbenchException(
                    "no table has a tag '" + tag + "' of a training set; 'tidewheel sets' lists them");
        }
        SortedSet<String> names = new TreeSet<>();
        theirs.forEach(each -> names.addAll(each.namedBy()));
        if (!names.isEmpty() && !force) {
            throw new WorkbenchException(
                    tag + " is named by " + String.join(", ", names) + ": --force releases it all the same");
        }
        if (!where.asksEverybody() && !force) {
            throw new WorkbenchException("not everybody was asked who names " + tag
                    + ": add --bootstrap or --run for the versions of models and --sets for the folders with sets, or"
                    + " --force to release it anyway");
        }
        theirs.forEach(tags::release);
        return theirs;
    }
}
