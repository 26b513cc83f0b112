package dev.tidewheel.history.questions;

import java.util.List;
import java.util.Optional;

/**
 * Questions in the order of their ranks: ascending by the moment asked, then by what tells them apart. The order depends
 * on nothing but the questions, so the same questions give the same rows in the same places. Immutable and thread-safe.
 */
public interface Questions {

    /** The columns that stand before the vector in every row: question, time, entities, what is handed through. */
    List<ColumnOf> head();

    /** The label's column; empty if the questions have none. */
    Optional<ColumnOf> label();

    /** How many there are. */
    int size();

    /**
     * A question, new with every call.
     *
     * @param rank from 0 to {@link #size()}, exclusive
     */
    Question get(int rank);

    /** Of a question only who is asked about, and when: what has to be known before it is answered. */
    default Asked asked(int rank) {
        Question question = get(rank);
        return new Asked(question.t(), question.entities());
    }

    /**
     * Whom a question is about.
     *
     * @param t the moment asked, epoch milliseconds
     * @param entities as in {@link Question}
     */
    record Asked(long t, List<String> entities) {
        public Asked {
            entities = List.copyOf(entities);
        }
    }

    /** What was asked and is not among them. */
    LeftOut leftOut();
}
