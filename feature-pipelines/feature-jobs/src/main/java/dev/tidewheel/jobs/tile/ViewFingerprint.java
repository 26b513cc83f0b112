package dev.tidewheel.jobs.tile;

import java.util.Objects;

/**
 * By which definition the states of a view were written. Every subtask gets those of all at a restore.
 *
 * @param view by {@link StageView#stateName()}
 * @param fingerprint of its plan
 */
public record ViewFingerprint(String view, int fingerprint) {
    public ViewFingerprint {
        Objects.requireNonNull(view, "view");
    }

    static ViewFingerprint of(StageView view) {
        return new ViewFingerprint(view.stateName(), view.plan().fingerprint());
    }
}
