/**
 * The one reader: knows what is monitored, counts rows into partial windows before the shuffle, and says when everything
 * up to a moment is in.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring.ingest;
