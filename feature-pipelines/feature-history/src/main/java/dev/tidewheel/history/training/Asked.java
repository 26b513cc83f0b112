package dev.tidewheel.history.training;

import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import java.util.List;

/**
 * One question with all that its row needs.
 *
 * @param event which event it comes from
 * @param t the moment asked
 * @param entities the values of the service's entities, in the model's order
 * @param keys the key under which each view of the service is read
 * @param request what the request brings
 * @param label what turned out to be true
 */
record Asked(EventId event, long t, List<String> entities, List<String> keys, Row request, boolean label) {}
