package dev.tidewheel.lifecycle.policy;

import java.time.Duration;

/** At most so many starts within the time that ends now. */
public record Budget(int runs, Duration per) {}
