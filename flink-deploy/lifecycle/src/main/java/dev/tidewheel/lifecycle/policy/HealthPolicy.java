package dev.tidewheel.lifecycle.policy;

import java.time.Duration;

/**
 * What a version must keep to while it is rolled out.
 *
 * @param monitor whose windows are counted
 * @param maxErrorShare of all rows of the stage
 * @param maxP99 of each window
 * @param minRows fewer rows say nothing: of the stage for the share, of a window for its latency
 */
public record HealthPolicy(String monitor, double maxErrorShare, Duration maxP99, long minRows) {}
