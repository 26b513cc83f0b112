package dev.tidewheel.lifecycle.streams;

/**
 * Names of the topology's parts. Each processor has sinks of its own: shared ones would tie all topics into one task.
 *
 * @param owner the processor
 */
record Nodes(String owner) {
    /** Of the states, by model. Part of a topic's name. */
    static final String STATES = "states";

    /** Of the models of definitions, by kind/name. Part of a topic's name. */
    static final String DEFINED = "defined";

    String source() {
        return owner + "-source";
    }

    String processor() {
        return owner + "-processor";
    }

    String inbox() {
        return owner + "-inbox";
    }

    String decisions() {
        return owner + "-decisions";
    }

    String desired() {
        return owner + "-desired";
    }

    String deadLetters() {
        return owner + "-dead-letters";
    }
}
