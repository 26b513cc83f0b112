package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.workbench.dead.LetterFilter;
import dev.tidewheel.workbench.dead.LetterWork;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What came of work on letters. */
final class LetterOutcome {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LetterOutcome() {}

    /** Whoever means all letters has to say so. */
    static void requireNarrow(LetterFilter filter, boolean all, CommandLine command) {
        if (!filter.isNarrow() && !all) {
            throw new ParameterException(command, "say which letters are meant, such as --reason, or --all");
        }
    }

    static void print(PrintWriter out, OutputFormat format, LetterWork.Outcome outcome) throws JsonProcessingException {
        if (format == OutputFormat.JSON) {
            ObjectNode root = JSON.createObjectNode();
            root.put("recordsSent", outcome.records());
            root.put("lettersHandled", outcome.marked());
            outcome.refused().forEach(root.putObject("refused")::put);
            outcome.notes().forEach(root.putObject("notes")::put);
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
        } else {
            out.println(outcome.records() + " records sent, " + outcome.marked() + " letters handled");
            lines(out, "not sent", outcome.refused());
            lines(out, "sent", outcome.notes());
        }
        out.flush();
    }

    private static void lines(PrintWriter out, String what, Map<String, Long> counts) {
        counts.forEach((reason, count) -> out.println(count + " " + what + ": " + reason));
    }
}
