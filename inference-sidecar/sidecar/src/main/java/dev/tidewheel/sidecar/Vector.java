package dev.tidewheel.sidecar;

import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.records.ViewCut;
import java.util.List;

/**
 * One row's features.
 *
 * @param values all columns of the service
 * @param cuts per view, which events its values contain
 */
record Vector(FeatureValues values, List<ViewCut> cuts) {
    Vector {
        cuts = List.copyOf(cuts);
    }
}
