/** What leaves the job: rows and alerts in one order, then the frontier that says so. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring.publish;
