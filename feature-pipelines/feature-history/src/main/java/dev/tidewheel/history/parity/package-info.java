/** Whether what was served is what should have been: every logged value against the naive oracle, from the raw rows. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.parity;
