/** Training sets: for every question of the past, what serving would have answered then, and what turned out to be true. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.training;
