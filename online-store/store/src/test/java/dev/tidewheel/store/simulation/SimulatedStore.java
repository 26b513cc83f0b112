package dev.tidewheel.store.simulation;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store whose misfortunes are verbs. */
interface SimulatedStore {
    Outcome write(Map<ViewKey, StoredState> batch);

    Outcome delete(Map<ViewKey, StoredState> batch);

    @Nullable
    StoredState read(ViewKey key);

    /** The version of a state or of a tombstone; null if nothing is known about the key. */
    @Nullable
    Version version(ViewKey key);

    /** A replica has everything from now on. */
    void replicate();

    /** The replica takes over: what was written since {@link #replicate} is gone. */
    void failOver();

    /** The store is empty, and its replica follows it. */
    void lose();
}
