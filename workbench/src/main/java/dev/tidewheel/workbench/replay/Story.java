package dev.tidewheel.workbench.replay;

import java.util.Optional;

/**
 * What a replay plays. Events are numbered in the order in which they became known, questions in the order in which they
 * are asked; each event answers at most one question. Immutable; values are made when they are asked for.
 */
public interface Story {
    /** How many events there are. */
    int events();

    /** When an event becomes known, epoch milliseconds; ascending. */
    long knownTime(int event);

    /** Where an event goes; always the same. */
    int partition(int event, int partitions);

    /** The event's record on the source's topic. */
    byte[] value(int event);

    /** How many questions there are. */
    int questions();

    /** When a question is asked, epoch milliseconds; ascending. */
    long askedAt(int question);

    Question question(int question);

    /** What an event says about the question that was asked about it; empty if none is. */
    Optional<Answer> answer(int event);

    /**
     * A question.
     *
     * @param requestId identifies it over any number of starts
     * @param at when it is asked, epoch milliseconds
     * @param body of the request, Open Inference Protocol V2, JSON
     */
    @SuppressWarnings("ArrayRecordComponent") // Goes to the wire as it is.
    record Question(String requestId, long at, byte[] body) {}

    /**
     * The truth about a question.
     *
     * @param question its number
     * @param requestId its id
     * @param value the label
     * @param knownTime since when, epoch milliseconds
     */
    record Answer(int question, String requestId, double value, long knownTime) {}
}
