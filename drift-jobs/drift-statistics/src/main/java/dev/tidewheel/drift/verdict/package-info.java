/** When a measure is worth an alert: calibrated thresholds, persistence, enough data. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.verdict;
