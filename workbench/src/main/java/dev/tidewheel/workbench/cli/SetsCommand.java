package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.workbench.sets.SetTags;
import dev.tidewheel.workbench.sets.SetTags.SetTag;
import dev.tidewheel.workbench.terminal.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What training sets hold. */
@Command(
        name = "sets",
        description = {
            "Lists the snapshots that training sets hold by tags, the oldest first.",
            "With how old each is, how many rows it has, and which sets and versions of models name it. A tag that nobody"
                    + " names may be released."
        },
        mixinStandardHelpOptions = true,
        subcommands = SetsReleaseCommand.class)
final class SetsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private SetTagsOption where = new SetTagsOption();

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<SetTag> tags = where.open(SetTags::all);
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            out.println(json(tags));
        } else {
            print(out, tags, System.currentTimeMillis());
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String json(List<SetTag> tags) throws IOException {
        ArrayNode list = JSON.createArrayNode();
        for (SetTag tag : tags) {
            ObjectNode entry = list.addObject();
            entry.put("tag", tag.tag()).put("table", tag.table()).put("snapshotId", tag.snapshotId());
            entry.put("committed", Instant.ofEpochMilli(tag.committed()).toString());
            entry.put("rows", tag.rows());
            tag.namedBy().forEach(entry.putArray("namedBy")::add);
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list);
    }

    private static void print(PrintWriter out, List<SetTag> tags, long now) {
        out.println(line("tag", "table", "age", "rows", "named by"));
        for (SetTag tag : tags) {
            String who = tag.namedBy().isEmpty() ? "nobody that was asked" : String.join(", ", tag.namedBy());
            String rows = String.format(Locale.ROOT, "%,d", tag.rows());
            out.println(line(tag.tag(), tag.table(), age(Duration.ofMillis(now - tag.committed())), rows, who));
        }
    }

    private static String line(Object... cells) {
        return String.format("%-24s %-24s %8s %14s  %s", cells);
    }

    private static String age(Duration age) {
        return age.toDays() > 0 ? age.toDays() + "d" : age.toHours() > 0 ? age.toHours() + "h" : age.toMinutes() + "m";
    }
}
