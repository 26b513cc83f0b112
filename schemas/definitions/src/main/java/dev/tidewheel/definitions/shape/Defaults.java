package dev.tidewheel.definitions.shape;

/**
 * What stands where nothing is written, as it would be written. The loader reads these texts and the documentation
 * prints them, so neither can promise what the other does not keep.
 */
public final class Defaults {
    /** {@code Source.spec.idle}. */
    public static final String IDLE = "15m";
    /** {@code Source.spec.watermarkDelay}. */
    public static final String WATERMARK_DELAY = "1h";
    /** {@code FeatureView.spec.features.maxEvents}. */
    public static final String MAX_EVENTS = "1000";
    /** {@code FeatureView.limits.bytesPerKey}. */
    public static final String BYTES_PER_KEY = "512KiB";
    /** {@code FeatureView.limits.bytesPerEvent}. */
    public static final String BYTES_PER_EVENT = "4KiB";
    /** The time between two events of a key, where costs are estimated. */
    public static final String COST_EVERY = "1m";
    /** {@code FeatureView.limits.mergesPerRead}. */
    public static final String MERGES_PER_READ = "20000";
    /** {@code FeatureService.limits.bytesPerRead}. */
    public static final String BYTES_PER_READ = "768KiB";
    /** {@code FeatureService.limits.mergesPerRead}. */
    public static final String SERVICE_MERGES_PER_READ = "50000";
    /** {@code Monitor.spec.topSegments}. */
    public static final String TOP_SEGMENTS = "10";
    /** {@code Monitor.spec.labels.coverage}. */
    public static final String COVERAGE = "0.95";
    /** {@code Monitor.spec.labels.deadline}. */
    public static final String LABEL_DEADLINE = "2d";
    /** {@code Monitor.spec.labels.revise}. */
    public static final String REVISE = "6h";
    /** {@code Monitor.spec.rules.threshold}. */
    public static final String THRESHOLD = "calibrated";
    /** {@code Monitor.spec.rules.quantile}. */
    public static final String QUANTILE = "0.99";
    /** {@code Monitor.spec.rules.persistence.k}. */
    public static final String K = "2";
    /** {@code Monitor.spec.rules.persistence.n}. */
    public static final String N = "3";
    /** {@code Monitor.spec.rules.leave}. */
    public static final String LEAVE = "0.8";
    /** {@code Monitor.spec.rules.severity}. */
    public static final String SEVERITY = "warning";
    /** {@code Retraining.spec.gate.loss}. */
    public static final String LOSS = "log_loss";
    /** {@code Retraining.spec.gate.margin}. */
    public static final String MARGIN = "0";
    /** {@code Retraining.spec.gate.minRows}. */
    public static final String GATE_ROWS = "1000";
    /** {@code Retraining.spec.cooldown}. */
    public static final String RETRAINING_COOLDOWN = "1d";
    /** {@code Rollout.spec.shadow.minRows} and {@code Rollout.spec.health.minRows}. */
    public static final String STAGE_ROWS = "100";

    private Defaults() {}
}
