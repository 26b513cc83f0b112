package dev.tidewheel.lifecycle.policy;

import java.time.Duration;

/**
 * What a challenger must show before it meets a request.
 *
 * @param window the last so long before the start: labelled, and outside the training rows
 * @param margin the challenger's loss must be smaller by more than this
 * @param minRows fewer judged rows refuse it
 */
public record GatePolicy(Duration window, Loss loss, double margin, long minRows) {}
