/** The Iceberg table that keeps every record of a source. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.raw;
