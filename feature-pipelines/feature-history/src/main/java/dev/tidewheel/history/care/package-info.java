/** Keeps tables healthy that are committed to every few seconds: expiry, compaction, manifests, files that nobody needs. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.care;
