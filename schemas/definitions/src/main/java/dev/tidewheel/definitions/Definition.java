package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;

/** Something that users define. Monitor, Retraining and Rollout come here next. */
public sealed interface Definition permits Source, FeatureView, FeatureService, Model {

    /** What it is. */
    Kind kind();

    /** Unique among its kind. */
    String name();
}
