package dev.tidewheel.history.parity;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.Label;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Joins what was predicted with what turned out to be true, by request and row. Feed it both topics, in any order. A
 * repeated record counts once; of several labels for a row the one known last counts. Not thread-safe.
 */
public final class OnlinePerformance {
    private final String model;
    private final Map<String, Label> labels = new HashMap<>();
    private final Map<String, Double> predictions = new HashMap<>();
    private final Set<String> failed = new HashSet<>();

    public OnlinePerformance(String model) {
        this.model = model;
    }

    public void add(Inference inference) {
        if (!inference.getModel().equals(model)) {
            return;
        }
        String name = inference.getRequestId() + "/" + inference.getRow();
        if (inference.getStatus() == InferenceStatus.OK
                && !inference.getPrediction().isEmpty()) {
            predictions.putIfAbsent(name, inference.getPrediction().get(0));
        } else {
            failed.add(name);
        }
    }

    public void add(Label label) {
        if (label.getModel().equals(model)) {
            String name = label.getRequestId() + "/" + label.getRow();
            labels.merge(name, label, (known, other) -> other.getKnownTime() >= known.getKnownTime() ? other : known);
        }
    }

    /** How many rows were predicted. */
    public long predicted() {
        return predictions.size();
    }

    /** How many rows the model gave no answer for. */
    public long failed() {
        return failed.size();
    }

    /** Of the rows that have both. */
    public Performance result() {
        String[] names = predictions.keySet().stream()
                .filter(labels::containsKey)
                .sorted()
                .toArray(String[]::new);
        double[] predicted = new double[names.length];
        double[] truth = new double[names.length];
        for (int row = 0; row < names.length; row++) {
            predicted[row] = predictions.getOrDefault(names[row], Double.NaN);
            Label label = labels.get(names[row]);
            truth[row] = label == null ? Double.NaN : label.getValue();
        }
        return Performance.of(predicted, truth);
    }
}
