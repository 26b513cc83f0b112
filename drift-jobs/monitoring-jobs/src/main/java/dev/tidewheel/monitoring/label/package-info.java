/** Brings labels to the rows that they are about. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring.label;
