package dev.tidewheel.store;

/** Is told what a store does, for metrics. Called on I/O threads: must be quick, thread-safe, and must not throw. */
public interface StoreListener {
    /** Listens to nothing. */
    StoreListener NONE = new StoreListener() {};

    /**
     * A batch was acknowledged.
     *
     * @param outcome what became of its states
     * @param bases how many of them had to bring their base along
     * @param nanos from the call to the acknowledgement
     */
    default void wrote(FeatureWriter.Outcome outcome, int bases, long nanos) {}

    /**
     * A read was answered.
     *
     * @param keys how many were asked for
     * @param found how many of them the store knew
     * @param nanos from the call to the answer
     */
    default void read(int keys, int found, long nanos) {}

    /** A call failed for good; the caller was told. */
    default void failed(Throwable cause) {}

    /** A call was refused for a passing reason, such as a server that is still loading, and is repeated. */
    default void retried(Throwable cause) {}
}
