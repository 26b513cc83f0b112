package dev.tidewheel.monitoring.window;

/**
 * What has windows of its own.
 *
 * @param monitor the monitor's name
 * @param model the model's name
 * @param version the model's version
 * @param feature a column of the service, or one of the names below
 * @param segment {@code name=value}, {@code name=other}, or {@link #ALL}
 */
public record Cell(String monitor, String model, String version, String feature, String segment) {
    /** The predicted probabilities. */
    public static final String PREDICTION = "@prediction";
    /** What turned out to be true. */
    public static final String LABEL = "@label";
    /** Rows, errors, latencies. */
    public static final String HEALTH = "@health";
    /** How predictions met labels. */
    public static final String PERFORMANCE = "@performance";
    /** The segment of all rows. */
    public static final String ALL = "all";
    /** The version of what met no inference. */
    public static final String NO_VERSION = "none";

    /** Kafka's key of its metric rows: names have no slashes, and the segment, which may, stands last. */
    public String key() {
        return monitor + "/" + model + "/" + version + "/" + feature + "/" + segment;
    }

    /** The cell of a {@link #key}. */
    public static Cell of(String key) {
        String[] parts = key.split("/", 5);
        return new Cell(parts[0], parts[1], parts[2], parts[3], parts[4]);
    }

    /** Another feature of the same rows. */
    public Cell with(String otherFeature) {
        return new Cell(monitor, model, version, otherFeature, segment);
    }

    /** Whether its windows change as labels come. */
    public boolean needsLabels() {
        return feature.equals(LABEL) || feature.equals(PERFORMANCE);
    }
}
