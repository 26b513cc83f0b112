package dev.tidewheel.history.parity;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.records.Label;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Joins what was predicted with what turned out to be true, by request and row. Feed it both topics, in any order. A
 * repeated record counts once; of several labels for a row the one known last counts. What callers were answered, by the
 * champion or a canary, is one thing; what a shadow said of the same rows is another. Rows that were logged of erased
 * entities have no part in it. Not thread-safe.
 */
public final class OnlinePerformance {
    private static final String SHADOW = "shadow";

    private final String model;
    private final Map<String, Label> labels = new HashMap<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, Map<String, Double>> shadows = new TreeMap<>();
    private final Set<String> failed = new HashSet<>();

    private record Answer(String version, double prediction) {}

    public OnlinePerformance(String model) {
        this.model = model;
    }

    public void add(Inference inference) {
        if (!inference.getModel().equals(model) || ErasedInferences.isOne(inference)) {
            return;
        }
        String name = inference.getRequestId() + "/" + inference.getRow();
        boolean isShadow = inference.getArm().equals(SHADOW);
        if (inference.getStatus() == InferenceStatus.OK
                && !inference.getPrediction().isEmpty()) {
            String version = inference.getModelVersion();
            double prediction = inference.getPrediction().get(0);
            if (isShadow) {
                shadows.computeIfAbsent(version, unseen -> new HashMap<>()).putIfAbsent(name, prediction);
            } else {
                answers.putIfAbsent(name, new Answer(version, prediction));
            }
        } else if (!isShadow) {
            failed.add(name);
        }
    }

    public void add(Label label) {
        if (label.getModel().equals(model)) {
            String name = label.getRequestId() + "/" + label.getRow();
            labels.merge(name, label, (known, other) -> other.getKnownTime() >= known.getKnownTime() ? other : known);
        }
    }

    /** How many rows were answered with a prediction. */
    public long predicted() {
        return answers.size();
    }

    /** How many rows no version gave an answer for; one that the champion answered after the canary failed is none. */
    public long failed() {
        return failed.stream().filter(name -> !answers.containsKey(name)).count();
    }

    /** Versions that answered. */
    public SortedSet<String> versions() {
        SortedSet<String> versions = new TreeSet<>();
        answers.values().forEach(answer -> versions.add(answer.version()));
        return versions;
    }

    /** Versions that were shadows. */
    public SortedSet<String> shadows() {
        return new TreeSet<>(shadows.keySet());
    }

    /** Of the answered rows that have a label. */
    public Performance result() {
        Map<String, Double> all = new HashMap<>();
        answers.forEach((name, answer) -> all.put(name, answer.prediction()));
        return joined(all);
    }

    /** Of the rows that a version answered and that have a label. */
    public Performance result(String version) {
        Map<String, Double> ofVersion = new HashMap<>();
        answers.forEach((name, answer) -> {
            if (answer.version().equals(version)) {
                ofVersion.put(name, answer.prediction());
            }
        });
        return joined(ofVersion);
    }

    /** Of the rows that a version scored as shadow and that have a label. */
    public Performance shadow(String version) {
        return joined(shadows.getOrDefault(version, Map.of()));
    }

    /** Rows in the order of their names: sums must not hang on a hash's order. */
    private Performance joined(Map<String, Double> predictions) {
        String[] names = predictions.keySet().stream()
                .filter(labels::containsKey)
                .sorted()
                .toArray(String[]::new);
        double[] predicted = new double[names.length];
        double[] truth = new double[names.length];
        for (int row = 0; row < names.length; row++) {
            predicted[row] = Objects.requireNonNull(predictions.get(names[row]));
            truth[row] = Objects.requireNonNull(labels.get(names[row])).getValue();
        }
        return Performance.of(predicted, truth);
    }
}
