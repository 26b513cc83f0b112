package dev.tidewheel.runtime.config;

import java.util.List;
import java.util.Map;

/** A parsed YAML value that knows its place in the file. */
sealed interface ConfigNode {
    Place place();

    /** {@code file:line:column}, both from 1. */
    record Place(String file, int line, int column) {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    /**
     * A scalar, as its text stands in the file. A {@code null} or empty value has no text.
     *
     * @param resolved whether a placeholder was replaced in it: then it may be a secret and is not shown
     */
    record Text(Place place, String text, boolean absent, boolean resolved) implements ConfigNode {}

    record Items(Place place, List<ConfigNode> items) implements ConfigNode {}

    /** @param places where each key stands */
    record Entries(Place place, Map<String, ConfigNode> values, Map<String, Place> places) implements ConfigNode {}

    /** What was found, for messages. */
    default String kind() {
        if (this instanceof Text text) {
            return text.absent() ? "nothing" : text.resolved() ? "a placeholder" : "'" + text.text() + "'";
        }
        return this instanceof Items ? "a list" : "a mapping";
    }
}
