package dev.tidewheel.history.questions;

/** What a column of a training set is for. */
public enum Role {
    /** What the question is told apart by: the id of its event or row. */
    QUESTION,
    /** The moment asked. */
    TIME,
    /** Part of the key under which views were read. */
    ENTITY,
    /** Came with the question and is handed through. */
    PASSED,
    /** A column of the service's vector: what a model may learn from. */
    VECTOR,
    /** What turned out to be true. */
    LABEL
}
