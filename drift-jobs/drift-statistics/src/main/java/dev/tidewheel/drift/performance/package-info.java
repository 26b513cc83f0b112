/** How well predictions of a class met the truth, as labels arrive. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.performance;
