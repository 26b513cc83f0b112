/** Functions in Java that expressions may call: what they promise, and where they are found. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.expression.function;
