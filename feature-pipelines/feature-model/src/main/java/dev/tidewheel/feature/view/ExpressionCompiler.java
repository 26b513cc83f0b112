package dev.tidewheel.feature.view;

import dev.tidewheel.feature.expression.Expression;
import dev.tidewheel.feature.row.RowSchema;

/** {@link Expression#compile}, or something in its place. */
@FunctionalInterface
interface ExpressionCompiler {
    Expression compile(String text, RowSchema row);
}
