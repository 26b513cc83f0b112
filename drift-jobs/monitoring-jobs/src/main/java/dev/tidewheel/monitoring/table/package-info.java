/** The Iceberg tables that keep inferences, labels and metrics: what the figures can be recomputed from, and what they are. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring.table;
