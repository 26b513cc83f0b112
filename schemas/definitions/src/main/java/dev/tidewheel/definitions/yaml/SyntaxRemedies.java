package dev.tidewheel.definitions.yaml;

import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What to do about what the YAML parser reports. */
final class SyntaxRemedies {
    private SyntaxRemedies() {}

    static String explain(MarkedYamlEngineException wrong) {
        String problem = String.valueOf(wrong.getProblem()).strip();
        String context = wrong.getContext() == null ? "" : wrong.getContext().strip() + ": ";
        return "not YAML: " + context + problem + "; " + remedy(problem);
    }

    private static String remedy(String problem) {
        if (problem.contains("TAB") || problem.contains("\\t")) {
            return "indent with spaces";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "quote the value, or put the key on a line of its own";
        }
        if (problem.contains("end of stream")) {
            return "close what is open";
        }
        if (problem.contains("could not find expected ':'")) {
            return "write key: value";
        }
        if (problem.contains("expected ',' or")) {
            return "put a comma between, and close the bracket";
        }
        return "check the indentation, brackets and quotes here";
    }
}
