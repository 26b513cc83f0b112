package dev.tidewheel.workbench.demo;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.Label;
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
    private final Map<String, Served> served = new HashMap<>();
    private final Map<String, Double> labels = new HashMap<>();

    private record Served(LocalDate day, double prediction) {}

    void add(Inference inference) {
        if (inference.getStatus() == InferenceStatus.OK) {
            LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(inference.getT()), ZoneOffset.UTC);
            served.put(
                    inference.getRequestId(),
                    new Served(day, inference.getPrediction().get(0)));
        }
    }

    void add(Label label) {
        labels.put(label.getRequestId(), label.getValue());
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
