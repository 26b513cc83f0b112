package dev.tidewheel.workbench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.workbench.apply.ApplyPlan;
import dev.tidewheel.workbench.apply.PlannedChange;
import java.io.PrintWriter;
import java.util.Locale;

/** A plan for people and for programs. */
final class PlanText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanText() {}

    static void print(PrintWriter out, OutputFormat format, ApplyPlan plan) throws JsonProcessingException {
        if (format == OutputFormat.JSON) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(plan)));
        } else {
            text(out, plan);
        }
        out.flush();
    }

    private static void text(PrintWriter out, ApplyPlan plan) {
        for (PlannedChange change : plan.changes()) {
            String lineage = change.lineage() == 0 ? "" : "  lineage " + change.lineage();
            out.println(String.format(
                    Locale.ROOT, "%-7s %s%s", word(change), change.entry().key(), lineage));
            change.reasons().forEach(reason -> out.println("          " + reason));
        }
        plan.absent().forEach(key -> out.println("absent  " + key + "\n          stays in force"));
        out.println(plan.isEmpty() ? "Nothing to change." : "");
    }

    private static ObjectNode json(ApplyPlan plan) {
        ObjectNode root = JSON.createObjectNode();
        root.put("inForce", plan.isEmpty());
        root.put("waits", plan.waits());
        ArrayNode changes = root.putArray("changes");
        for (PlannedChange change : plan.changes()) {
            ObjectNode node = changes.addObject();
            node.put("definition", change.entry().key());
            node.put("action", word(change));
            if (change.lineage() > 0) {
                node.put("lineage", change.lineage());
            }
            ArrayNode reasons = node.putArray("reasons");
            change.reasons().forEach(reasons::add);
        }
        ArrayNode absent = root.putArray("absent");
        plan.absent().forEach(absent::add);
        return root;
    }

    private static String word(PlannedChange change) {
        return change.action().name().toLowerCase(Locale.ROOT);
    }
}
