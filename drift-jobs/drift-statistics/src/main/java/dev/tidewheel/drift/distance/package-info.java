/** How far two distributions on the same edges are from each other. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.distance;
