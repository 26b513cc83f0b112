package dev.tidewheel.workbench.demo;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.Label;
import dev.tidewheel.workbench.report.ControlReport;
import dev.tidewheel.workbench.report.Report.Day;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the days of a story went: feed it both topics, in any order. Not thread-safe. */
final class ServedDays {
    /** No prediction counts as quite certain, as in the trainer. */
    private static final double CLIP = 1e-15;

    private final Map<String, Served> served = new HashMap<>();
    private final Map<String, Double> labels = new HashMap<>();

    private record Served(LocalDate day, double prediction) {}

    void add(Inference inference) {
        if (inference.getStatus() == InferenceStatus.OK
                && !inference.getPrediction().isEmpty()) {
            LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(inference.getT()), ZoneOffset.UTC);
            served.put(
                    inference.getRequestId(),
                    new Served(day, inference.getPrediction().get(0)));
        }
    }

    void add(Label label) {
        labels.put(label.getRequestId(), label.getValue());
    }

    /** The mean log loss of the days, of the requests whose labels are known. */
    List<ControlReport.Day> losses() {
        Map<LocalDate, double[]> sums = new TreeMap<>();
        served.forEach((request, row) -> {
            Double label = labels.get(request);
            if (label != null) {
                double right = Math.min(1 - CLIP, Math.max(CLIP, label > 0 ? row.prediction() : 1 - row.prediction()));
                double[] sum = sums.computeIfAbsent(row.day(), unseen -> new double[2]);
                sum[0]++;
                sum[1] -= Math.log(right);
            }
        });
        return sums.entrySet().stream()
                .map(day -> new ControlReport.Day(
                        day.getKey(), (long) day.getValue()[0], day.getValue()[1] / day.getValue()[0]))
                .toList();
    }

    /** The days, of the requests whose labels are known. */
    List<Day> days() {
        Map<LocalDate, double[]> sums = new TreeMap<>();
        served.forEach((request, row) -> {
            Double label = labels.get(request);
            if (label != null) {
                double[] sum = sums.computeIfAbsent(row.day(), unseen -> new double[3]);
                sum[0]++;
                sum[1] += label;
                sum[2] += row.prediction();
            }
        });
        List<Day> days = new ArrayList<>();
        sums.forEach((day, sum) -> days.add(new Day(day, (long) sum[0], sum[1] / sum[0], sum[2] / sum[0])));
        return days;
    }
}
