package dev.tidewheel.lifecycle.policy;

/** By what challenger and champion are compared; smaller is better. */
public enum Loss {
    LOG_LOSS("log_loss", "log loss"),
    BRIER("brier", "Brier score");

    private final String word;
    private final String spoken;

    Loss(String word, String spoken) {
        this.word = word;
        this.spoken = spoken;
    }

    /** As numbers are named by it: {@code challenger_log_loss}. */
    public String word() {
        return word;
    }

    /** For sentences. */
    public String spoken() {
        return spoken;
    }
}
