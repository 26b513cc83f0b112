package dev.tidewheel.sidecar;

import java.util.Locale;

/** Whose answer a logged row is. */
enum Arm {
    /** Answers whoever the canary does not. */
    CHAMPION,
    /** Answers a stable share of the requests. */
    CANARY,
    /** Is asked what the others answered; nobody but the log hears it. */
    SHADOW;

    /** As the log and the metrics have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
