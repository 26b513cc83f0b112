/** Measured comparisons with peers: each beside the other in one run, on the same machine, as ratios. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.benchmarks;
