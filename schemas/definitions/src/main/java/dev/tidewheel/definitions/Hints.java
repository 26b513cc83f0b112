package dev.tidewheel.definitions;

import java.util.ArrayList;
import java.util.List;

/** What is allowed and may yet not be what was meant: said by {@code validate}, and nothing is refused for it. */
public final class Hints {
    private Hints() {}

    /** One sentence each, which names what it is about and what to write. */
    public static List<String> of(Definitions definitions) {
        List<String> hints = new ArrayList<>();
        for (Source source : definitions.sources()) {
            if (source.inputs().stream().anyMatch(Hints::takesRowsAsTold)) {
                hints.add("source '" + source.name()
                        + "' takes the rows before as its records tell them: a record that the connector delivers again,"
                        + " after a crash, counts twice, and one without the whole row before is a dead letter;"
                        + " write changelog: {key: […]} to have neither");
            }
        }
        return List.copyOf(hints);
    }

    private static boolean takesRowsAsTold(SourceInput input) {
        return input.format().isOfChanges() && input.changelog().isEmpty();
    }
}
