package dev.tidewheel.sidecar;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One version's part in a request on its way: what is known of it so far. Used by one event loop, not thread-safe. */
final class Passage {
    /**
     * What holds for all versions' parts in a request: when it came, and about whom it is.
     *
     * @param t the moment that it asks for, epoch milliseconds
     * @param wall by the wall's clock, epoch milliseconds
     * @param nanos by the clock that measures
     * @param erased its rows that are about an erased entity, by what the caller sent, whichever version takes it
     */
    record Admitted(long t, long wall, long nanos, Set<Integer> erased) {
        Admitted {
            erased = Set.copyOf(erased);
        }
    }

    private final Arm arm;
    private final Serving serving;
    private final InferRequest request;
    private final Admitted admitted;
    private @Nullable List<Vector> read;
    private long featureNanos;
    private long modelNanos;

    Passage(Arm arm, Serving serving, InferRequest request, Admitted admitted) {
        this.arm = arm;
        this.serving = serving;
        this.request = request;
        this.admitted = admitted;
    }

    Arm arm() {
        return arm;
    }

    Serving serving() {
        return serving;
    }

    InferRequest request() {
        return request;
    }

    Admitted admitted() {
        return admitted;
    }

    /** One per row: those read, or what is logged where they could not be. */
    List<Vector> vectors() {
        return read == null ? VectorReader.unavailable(serving, request) : read;
    }

    boolean hasRead() {
        return read != null;
    }

    /** Whether features that this one read are what the other would read. */
    boolean hasReadFor(Passage other) {
        return read != null && other.serving.readsAs(serving);
    }

    void read(List<Vector> vectors, long nanos) {
        read = vectors;
        featureNanos = nanos;
    }

    /** Takes what another version's part has read, and the time that it took: so the versions stay comparable. */
    void readAs(Passage former) {
        read(former.vectors(), former.featureNanos);
    }

    /** Reading failed. */
    void unread(long nanos) {
        featureNanos = nanos;
    }

    void modelTook(long nanos) {
        modelNanos = nanos;
    }

    /** Whoever answers took what the caller waited; the shadow, for which nobody waits, its parts. */
    InferenceRecords.Timing timing(long nowNanos) {
        long total = arm == Arm.SHADOW ? featureNanos + modelNanos : nowNanos - admitted.nanos();
        return new InferenceRecords.Timing(admitted.wall(), featureNanos / 1_000, modelNanos / 1_000, total / 1_000);
    }
}
