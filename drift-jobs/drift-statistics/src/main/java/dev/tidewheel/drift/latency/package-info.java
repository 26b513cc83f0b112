/** Latencies as counts, with quantiles of a fixed relative error. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.latency;
