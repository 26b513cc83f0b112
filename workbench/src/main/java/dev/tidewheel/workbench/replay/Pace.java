package dev.tidewheel.workbench.replay;

/** Slows a replay down. */
@FunctionalInterface
public interface Pace {
    /** As fast as the lock-step allows. */
    Pace UNLIMITED = now -> {};

    /** Returns when the story may reach a time. */
    void await(long now) throws InterruptedException;
}
