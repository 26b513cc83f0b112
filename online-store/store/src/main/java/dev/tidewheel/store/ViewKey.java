package dev.tidewheel.store;

import java.util.Objects;

/**
 * Names one key of one view.
 *
 * @param view the view
 * @param lineage the view's lineage: versions are never compared across lineages
 * @param entity the canonical text of the entity's key columns (see {@link dev.tidewheel.feature.row.EntityKeys})
 */
public record ViewKey(String view, long lineage, String entity) {
    public ViewKey {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(entity, "entity");
    }
}
