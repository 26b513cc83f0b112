/** Aggregates as mergeable partials with laws: what is kept per tile, and how a value is finished from it. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.aggregate;
