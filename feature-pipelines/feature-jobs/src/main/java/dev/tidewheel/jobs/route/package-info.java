/** From rows to keys: who gets which change, and how far a source has been read. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.route;
