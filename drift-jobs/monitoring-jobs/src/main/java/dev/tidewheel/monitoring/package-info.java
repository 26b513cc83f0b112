/**
 * The monitoring job: inferences and labels become windows, metrics, verdicts and alerts.
 *
 * <p>{@code log} reads the four topics as one stream; {@code ingest} counts rows into partial windows and says when a
 * moment is complete; {@code label} brings labels to their rows; {@code window} closes windows, measures and judges them;
 * {@code publish} sends what follows, in one order, and then the frontier; {@code table} keeps it in Iceberg. The formulas
 * are not here but in {@code drift-statistics}.
 *
 * <h2>What it costs</h2>
 *
 * <p>The reading subtask decodes and counts, per second of processor time (JDK 17, one core of a shared machine, 27
 * numeric features, one monitor): 64,000 rows or 1.7 million values as a whole; 56,000 rows with two segments besides,
 * where each value is counted three times. Measured by
 *
 * <pre>{@code
 * ./mvnw -q -Dfast -pl drift-jobs/monitoring-jobs -am test -Dtest=IngestThroughput -Dsurefire.failIfNoSpecifiedTests=false
 * }</pre>
 *
 * <h2>What is where it may surprise</h2>
 *
 * <ul>
 *   <li>A row says {@code unavailable} of values that could not be read (status UNAVAILABLE or READ_POINT_PASSED) and of
 *       predictions that were not made; any other null is {@code nulls}. Labels that are not known yet are {@code nulls}
 *       of {@code @label} and {@code @performance} rows.
 *   <li>Segments have counts, shares and means. Distances and calibrated thresholds are of the whole: a segment is no
 *       sample of the reference.
 *   <li>Of several rules with one measure the row shows the first one's threshold and verdict; alerts speak for each.
 *       Verdict ALARM stands while the rule's alarm stands, WARNING for a bad window without one.
 *   <li>A RESOLVED alert has id and window of the one that it resolves.
 *   <li>A corrected label that comes after every row was labelled still makes a further revision, though the row before
 *       called itself settled.
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.monitoring;
