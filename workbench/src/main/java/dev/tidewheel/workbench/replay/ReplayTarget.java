package dev.tidewheel.workbench.replay;

/**
 * What a replay acts upon: the platform, or a test's list of what happened. Called from one thread. Each method returns
 * when its effect is durable, or throws.
 */
public interface ReplayTarget {
    /** Sends events to their topic, in order. May return before they have arrived. */
    void send(int from, int to);

    /** Waits until every feature stage has acknowledged all events sent, and all labels are on their topic. */
    void awaitAcknowledged() throws InterruptedException;

    /**
     * Sends the labels that the events carry, for those whose question has been asked or is asked in this step. May
     * return before they have arrived.
     *
     * @param asked how many questions have been asked after this step
     */
    void label(int from, int to, int asked);

    /** Sets the story's clock. */
    void tick(long now);

    /** Waits until the control plane has decided what follows from all that was known at a time, and has made it so. */
    void settle(long now) throws InterruptedException;

    /** Asks questions and waits for all answers; their order among each other is not defined. */
    void ask(int from, int to) throws InterruptedException;

    /** Remembers how far the replay has come, so that a start after a crash goes on from here. */
    void remember(Position position);
}
