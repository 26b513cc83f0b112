/** Rows sorted under keys within a budget of memory: what does not fit stands in a file without a name meanwhile. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.spill;
