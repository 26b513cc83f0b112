package dev.tidewheel.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads states of many keys in one round trip. Thread-safe. */
public interface FeatureReader extends AutoCloseable {

    /**
     * One entry per key, in the order of the keys; null where the store holds nothing. Fails with
     * {@link StoreUnavailableException} after the configured deadline.
     */
    CompletionStage<List<@Nullable StoredState>> read(List<ViewKey> keys);

    /** All entity keys of a view and lineage, by scanning: for checks and tools, not for serving. */
    List<String> entities(String view, long lineage);

    @Override
    void close();
}
