package dev.tidewheel.store.redis;

import java.util.Objects;

/**
 * Which Redis answered. A restarted server may have come back empty, and a promoted replica may lack the newest writes.
 *
 * <p>The rule for writers: ask after the last acknowledgement that a checkpoint relies on, and keep the answer in the
 * checkpoint. Whoever meets another identity than the one its states were acknowledged by, while running or after a
 * restore, writes all its states again before the next checkpoint. Versions make that harmless; leaving it out loses
 * keys for good.
 *
 * @param runId changes with every start of a server; of a cluster, those of all masters in order, joined by ','
 * @param replicationId changes when a replica is promoted; of a cluster as above
 */
public record ServerIdentity(String runId, String replicationId) {
    public ServerIdentity {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(replicationId, "replicationId");
    }
}
