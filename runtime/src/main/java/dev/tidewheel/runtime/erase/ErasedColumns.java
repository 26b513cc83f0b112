package dev.tidewheel.runtime.erase;

import dev.tidewheel.runtime.config.ErasureKey;
import java.util.List;

/** Knows the erased entities of some key columns. Not thread-safe. */
final class ErasedColumns {
    private final ErasedEntities.OfColumns group;
    private final ErasureKey.Digests digests;

    ErasedColumns(ErasedEntities.OfColumns group, ErasureKey.Digests digests) {
        this.group = group;
        this.digests = digests;
    }

    /** Sorted. */
    List<String> columns() {
        return group.columns();
    }

    /** @param values of the columns, in their order */
    boolean covers(List<String> values) {
        return group.digests().contains(digests.of(group.columns(), values));
    }
}
