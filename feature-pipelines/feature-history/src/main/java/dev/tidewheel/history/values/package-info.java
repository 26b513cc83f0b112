/** Values of the past: what a service's views said at any number of moments, by rank, within a budget of memory. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.values;
