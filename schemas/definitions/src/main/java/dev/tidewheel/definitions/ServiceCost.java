package dev.tidewheel.definitions;

import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.feature.view.ViewCost;
import java.util.List;

/**
 * What one row of a service costs, by estimate: each of its views is read whole and finished whole, whichever of its
 * features are selected. For busy keys, see {@link ViewCost}.
 *
 * @param bytesPerRead fetched from the store
 * @param mostBytesPerRead the same if every partial is as large as its parameters allow
 * @param mergesPerRead partial aggregates that are merged
 * @param rowsPerRead rows that exact windows and last rows fold
 */
public record ServiceCost(long bytesPerRead, long mostBytesPerRead, long mergesPerRead, long rowsPerRead) {

    /** The sum of its views. */
    public static ServiceCost of(ServicePlan plan) {
        List<ViewCost> views =
                plan.reads().stream().map(read -> read.view().cost()).toList();
        return new ServiceCost(
                views.stream().mapToLong(ViewCost::bytesPerKey).sum(),
                views.stream().mapToLong(ViewCost::mostBytesPerKey).sum(),
                views.stream().mapToLong(ViewCost::mergesPerRead).sum(),
                views.stream().mapToLong(ViewCost::rowsPerRead).sum());
    }
}
