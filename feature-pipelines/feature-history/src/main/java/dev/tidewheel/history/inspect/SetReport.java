package dev.tidewheel.history.inspect;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a training set has found.
 *
 * @param digest of the set
 * @param rows of the set
 * @param sampled rows whose columns were held against the label, and asked again in other worlds
 * @param days with rows, in blocks of several where they are many
 * @param quantile of chance that a rise has to exceed
 * @param notCompared why no other world was asked; null if they were
 * @param columns of the vector, in the set's order
 */
public record SetReport(
        String digest,
        long rows,
        long sampled,
        int days,
        double quantile,
        @Nullable String notCompared,
        List<ColumnReport> columns) {
    public SetReport {
        Objects.requireNonNull(digest, "digest");
        columns = List.copyOf(columns);
    }

    /** The columns that somebody should look at before anything is learnt from them. */
    public List<String> suspects() {
        return columns.stream()
                .filter(ColumnReport::isSuspect)
                .map(ColumnReport::name)
                .toList();
    }
}
