/** The four topics that the job reads, as one stream of records with their places. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring.log;
