package dev.tidewheel.definitions;

import dev.tidewheel.feature.expression.ExpressionException;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.view.ViewSpec;
import dev.tidewheel.feature.view.ViewSpec.DerivedColumn;
import java.util.List;
import java.util.Optional;

/**
 * Whether a feature's parts go together: it is planned alone, by the class that will plan the view, so that what is wrong
 * with it can be said at its place and does not hide what is wrong with others.
 *
 * @param source the source's columns
 * @param derived the view's derived columns that compile
 */
record FeatureFit(RowSchema source, List<DerivedColumn> derived) {
    FeatureFit {
        derived = List.copyOf(derived);
    }

    /**
     * What is wrong and what to write instead.
     *
     * @param feature its expressions compile
     */
    Optional<String> fault(FeatureSpec feature) {
        ViewSpec alone = new ViewSpec("alone", List.of(), Optional.empty(), derived, List.of(feature), 0, 0, 0, 0);
        try {
            ViewPlan.compile(alone, source);
            return Optional.empty();
        } catch (ExpressionException checked) {
            throw new IllegalStateException("an expression compiled before and does not now", checked);
        } catch (IllegalArgumentException wrong) {
            String reason = String.valueOf(wrong.getMessage());
            String prefix = "feature " + feature.name() + ": ";
            return Optional.of(reason.startsWith(prefix) ? reason.substring(prefix.length()) : reason);
        }
    }
}
