package dev.tidewheel.jobs.route;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.jobs.FeatureJobConfig.Inject;
import java.io.Serializable;

/** Decides by an event's id alone which changes are lost or doubled on purpose. */
final class Injection implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long PARTS = 1L << 30;

    private final long dropBelow;
    private final long duplicateBelow;

    Injection(Inject inject) {
        dropBelow = (long) (inject.drop() * PARTS);
        duplicateBelow = (long) (inject.duplicate() * PARTS);
    }

    boolean isActive() {
        return dropBelow > 0 || duplicateBelow > 0;
    }

    boolean drops(EventId id) {
        return dropBelow > 0 && part(id, 0x9E3779B97F4A7C15L) < dropBelow;
    }

    boolean duplicates(EventId id) {
        return duplicateBelow > 0 && part(id, 0xC2B2AE3D27D4EB4FL) < duplicateBelow;
    }

    /** SplitMix64's finaliser over the id: uniform, and the same in every JVM. */
    private static long part(EventId id, long salt) {
        long hash = salt ^ id.text().hashCode() ^ (id.high() << 32) ^ (id.low() * 0x9E3779B97F4A7C15L);
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return (hash ^ (hash >>> 31)) & (PARTS - 1);
    }
}
