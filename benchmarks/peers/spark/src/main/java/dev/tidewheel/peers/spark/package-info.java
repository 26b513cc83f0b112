/** Spark answers the questions of a training set, for a comparison. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.peers.spark;
