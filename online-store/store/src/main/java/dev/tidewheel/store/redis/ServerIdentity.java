package dev.tidewheel.store.redis;

import java.util.Objects;

/**
 * Which Redis answered. A writer that finds another identity than at its last checkpoint must not trust what it wrote
 * before: a restarted server may have come back empty, a promoted replica may lack the newest writes.
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
