/** Keyed state: changes to tiles, tiles to the online store, frontiers to Kafka. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.tile;
