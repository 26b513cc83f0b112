/** The feature job: wiring between Kafka, the mathematics of features, the online store and Iceberg. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs;
