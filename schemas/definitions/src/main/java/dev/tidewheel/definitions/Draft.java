package dev.tidewheel.definitions;

import dev.tidewheel.definitions.problem.Place;
import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.definitions.yaml.Fields;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;

/**
 * A document that has a kind and a name, and whose required keys are there.
 *
 * @param document without what did not fit its shape
 * @param whole whether nothing was wrong so far; if not, what others miss in it may be what was pruned
 */
record Draft(Kind kind, Mapping document, boolean whole) {

    Fields spec() {
        return new Fields(document).fields("spec");
    }

    String name() {
        return new Fields(document).fields("metadata").text("name");
    }

    Place namePlace() {
        return new Fields(document).fields("metadata").scalar("name").place();
    }
}
