/** Drift, data quality and model performance as mathematics: no engine, no clock, nothing else of ours. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift;
