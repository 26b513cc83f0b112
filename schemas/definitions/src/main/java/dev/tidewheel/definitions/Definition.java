package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;

/** Something that users define. */
public sealed interface Definition permits Source, FeatureView, FeatureService, Model, Monitor, Rollout, Retraining {

    /** What it is. */
    Kind kind();

    /** Unique among its kind. */
    String name();
}
