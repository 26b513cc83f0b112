package dev.tidewheel.trainer.evaluation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How good the predictions of one day were.
 *
 * @param day UTC, of the moments asked, ISO-8601
 * @param rows how many were asked
 * @param logLoss their mean, as in {@link Evaluation}
 */
public record DailyLoss(String day, long rows, double logLoss) {

    /**
     * The days that have rows, in their order.
     *
     * @param times the moments asked, epoch milliseconds
     * @param predictions one per moment
     * @param labels one per moment
     */
    public static List<DailyLoss> of(long[] times, double[] predictions, boolean[] labels) {
        Map<LocalDate, int[]> rows = new TreeMap<>();
        for (int row = 0; row < times.length; row++) {
            LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(times[row]), ZoneOffset.UTC);
            int[] before = rows.getOrDefault(day, new int[] {row, row});
            // Rows come in the order of time: a day is a stretch of them.
            rows.put(day, new int[] {before[0], row + 1});
        }
        List<DailyLoss> days = new ArrayList<>();
        rows.forEach((day, stretch) -> {
            double[] p = Arrays.copyOfRange(predictions, stretch[0], stretch[1]);
            boolean[] y = Arrays.copyOfRange(labels, stretch[0], stretch[1]);
            days.add(new DailyLoss(day.toString(), p.length, Evaluation.logLoss(p, y)));
        });
        return days;
    }
}
