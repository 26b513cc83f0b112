/** The quality of a training set: what is missing or constant, what leaks, what tells the label, what drifts. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.inspect;
