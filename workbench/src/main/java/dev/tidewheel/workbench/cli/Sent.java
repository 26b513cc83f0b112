package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** Says that an event is in the lifecycle's inbox. */
final class Sent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Sent() {}

    static void print(CommandSpec spec, OutputFormat output, String event, String model) {
        PrintWriter out = spec.commandLine().getOut();
        if (output == OutputFormat.JSON) {
            out.println(JSON.createObjectNode().put("event", event).put("model", model));
        } else {
            out.println("Sent " + event + " to the inbox of " + model
                    + "; 'tidewheel lifecycle log --all' shows what was decided.");
        }
        out.flush();
    }
}
