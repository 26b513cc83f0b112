/**
 * The records of a source's topics from their first on: those that Kafka has deleted from the raw table, then those that
 * it has.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.log;
