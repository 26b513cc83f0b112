package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.service.ServicePlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One version of a model with the service that it was trained on. Immutable.
 *
 * @param model the model's name
 * @param version the model's version
 * @param artifactDigest of the model file
 * @param service the compiled feature service
 * @param serviceHash of its definition
 * @param entities the names that a request must give, in the order of their first use
 * @param lineages per view, the lineage to read
 * @param inputs slots of the service's columns that form the model's tensor, in its order
 */
record Serving(
        String model,
        String version,
        String artifactDigest,
        ServicePlan service,
        String serviceHash,
        List<String> entities,
        Map<String, Long> lineages,
        List<Integer> inputs) {
    Serving {
        entities = List.copyOf(entities);
        lineages = Map.copyOf(lineages);
        inputs = List.copyOf(inputs);
    }

    /** Whether what was read for the other is what would be read for this. */
    boolean readsAs(Serving other) {
        return serviceHash.equals(other.serviceHash) && lineages.equals(other.lineages);
    }

    /** The entities that a service's views are keyed by. */
    static List<String> entitiesOf(ServicePlan service) {
        Set<String> names = new LinkedHashSet<>();
        service.reads().forEach(read -> names.addAll(read.keys()));
        return List.copyOf(names);
    }

    /**
     * The slots of the model's input columns.
     *
     * @throws IllegalArgumentException if the service has no such column or a model cannot take it
     */
    static List<Integer> inputSlots(RowSchema columns, List<String> names) {
        List<Integer> slots = new ArrayList<>();
        for (String name : names) {
            int slot = columns.slot(name);
            if (slot < 0) {
                throw new IllegalArgumentException("the service has no column '" + name + "' that the model needs");
            }
            if (columns.column(slot).type().isText()) {
                throw new IllegalArgumentException("column '" + name + "' is a string; a tensor takes numbers");
            }
            slots.add(slot);
        }
        return slots;
    }
}
