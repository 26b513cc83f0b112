package dev.tidewheel.workbench.replay;

/**
 * What a replay acts upon: the platform, or a test's list of what happened. Called from one thread. Each method returns
 * when its effect is durable, or throws.
 */
public interface ReplayTarget {
    /** Sends events to their topic, in order. May return before they have arrived. */
    void send(int from, int to);

    /** Waits until every feature stage has acknowledged all events sent. */
    void awaitAcknowledged() throws InterruptedException;

    /** Sets the story's clock. */
    void tick(long now);

    /** Asks questions and waits for all answers; their order among each other is not defined. */
    void ask(int from, int to) throws InterruptedException;

    /**
     * Sends the labels that the events carry, for those whose question has been asked.
     *
     * @param asked questions before this one have been asked
     */
    void label(int from, int to, int asked);

    /** Remembers how far the replay has come, so that a start after a crash goes on from here. */
    void remember(Position position);
}
