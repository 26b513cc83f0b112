package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.Kind;
import dev.tidewheel.feature.view.ViewSpec;
import java.util.List;
import java.util.Objects;

/**
 * Aggregates of a source's events by a key.
 *
 * @param source the source's name
 * @param spec in the terms of the mathematics, with one feature per name and window
 * @param tests what its values must be; no part of its meaning
 */
public record FeatureView(String source, ViewSpec spec, List<ViewTest> tests) implements Definition {
    public FeatureView {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(spec, "spec");
        tests = List.copyOf(tests);
    }

    @Override
    public Kind kind() {
        return Kind.FEATURE_VIEW;
    }

    @Override
    public String name() {
        return spec.name();
    }
}
