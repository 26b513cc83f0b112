package dev.tidewheel.history.books;

import dev.tidewheel.records.Inference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the log of inferences holds of a model: each row of a request once, however often it was delivered. A row that the
 * champion answered because the canary had failed is there twice, with two arms, and is one answered row. Not thread-safe.
 */
public final class LoggedRows {
    private static final String SHADOW = "shadow";

    private final String model;
    private final Set<String> requests = new HashSet<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> shadowed = new HashSet<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    public LoggedRows(String model) {
        this.model = model;
    }

    /** Takes a record of the log. */
    public void add(Inference inference) {
        if (!inference.getModel().equals(model)) {
            return;
        }
        String row = inference.getRequestId() + "/" + inference.getRow();
        if (inference.getArm().equals(SHADOW)) {
            shadowed.add(row);
        } else {
            requests.add(inference.getRequestId());
            answered.add(row);
        }
        if (seen.add(row + "/" + inference.getArm() + "/" + inference.getModelVersion())) {
            versions.merge(inference.getModelVersion(), 1L, Long::sum);
        }
    }

    /** Requests that the champion or a canary was asked for. */
    public long requests() {
        return requests.size();
    }

    /** Rows that the champion or a canary was asked for. */
    public long answered() {
        return answered.size();
    }

    /** Rows that a shadow was asked for. */
    public long shadowed() {
        return shadowed.size();
    }

    /** Rows that a version was asked for, under any arm. */
    public long ofVersion(String version) {
        return versions.getOrDefault(version, 0L);
    }
}
