/** The monitoring job: inferences and labels become windows, metrics, verdicts and alerts. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring;
