/** Cells: one feature of one segment of one version, window by window; how they close, and what is said about them. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring.window;
