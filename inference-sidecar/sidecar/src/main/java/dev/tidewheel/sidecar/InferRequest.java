package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.Row;
import java.util.List;
import java.util.Optional;

/**
 * A request as the sidecar understands it: rows of entities and of request data.
 *
 * @param id the caller's id, or one that the sidecar made
 * @param traceId from the {@code traceparent} header
 * @param entities per row, the values of the service's entities, in their order
 * @param rows per row, the request's columns
 */
record InferRequest(String id, Optional<String> traceId, List<List<String>> entities, List<Row> rows) {
    InferRequest {
        entities = List.copyOf(entities);
        rows = List.copyOf(rows);
    }
}
