package dev.tidewheel.history.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One served row taken apart. Times are epoch milliseconds; values are text, exact.
 *
 * @param requestId the request
 * @param row within the request
 * @param t the moment asked
 * @param model which model answered
 * @param modelVersion in which version
 * @param artifactDigest {@code sha256:…} of the model's file
 * @param service whose vector the model got
 * @param serviceHash in which version
 * @param status how the row was answered; without features, {@code views} and {@code computed} are empty
 * @param error why it was not answered; null if it was
 * @param prediction what the model answered; empty if it did not
 * @param registered what the registry says of the model's version, its training set among it; null if it is not known
 * @param views where the features come from
 * @param computed the request's and the on-demand columns
 */
public record ServedExplanation(
        String requestId,
        int row,
        long t,
        String model,
        String modelVersion,
        String artifactDigest,
        String service,
        String serviceHash,
        String status,
        @Nullable String error,
        List<Double> prediction,
        @Nullable JsonNode registered,
        List<View> views,
        List<Value> computed) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public ServedExplanation {
        prediction = List.copyOf(prediction);
        views = List.copyOf(views);
        computed = List.copyOf(computed);
    }

    /**
     * One view that was read.
     *
     * @param view its name
     * @param lineage the lineage that was read
     * @param key the entity's key
     * @param flush which flush wrote the stored value: attempt/subtask/flush; {@code none} for a key that was not there
     * @param knownTime the stored version: the greatest known time of the key
     * @param routed the stored version: how many changes had been routed to the key
     * @param cut per topic and partition the first offset that the stored value did not contain
     * @param features the features that the service serves
     */
    public record View(
            String view,
            long lineage,
            String key,
            String flush,
            long knownTime,
            long routed,
            Map<String, Map<Integer, Long>> cut,
            List<Feature> features) {
        public View {
            cut = Map.copyOf(cut);
            features = List.copyOf(features);
        }
    }

    /**
     * One column.
     *
     * @param column its name in the vector
     * @param served the value that the model got, with its status
     * @param recomputed what the oracle makes of the raw rows, with its status
     * @param equal whether both are the same to the bit
     */
    public record Value(String column, String served, String recomputed, boolean equal) {}

    /**
     * One feature.
     *
     * @param value the column
     * @param from where its window begins; {@link Long#MIN_VALUE} for a lifetime
     * @param reason one sentence: what the value is made of, or why there is none
     * @param parts the tiles and raw changes that were merged
     * @param eventCount how many events of the window the stored value contained
     * @param events the newest of them
     */
    public record Feature(Value value, long from, String reason, List<Part> parts, int eventCount, List<Event> events) {
        public Feature {
            parts = List.copyOf(parts);
            events = List.copyOf(events);
        }
    }

    /**
     * Something that was merged into a value.
     *
     * @param kind {@code tile} or {@code change}
     * @param start a tile's first event time, or a change's event time
     * @param millis a tile's width, {@link Long#MAX_VALUE} for a lifetime; 0 for a change
     * @param holds its partial aggregate, for people
     */
    public record Part(String kind, long start, long millis, String holds) {}

    /** One event with where it stands, when it happened, when it could be known, and its row. */
    public record Event(String topic, int partition, long offset, long eventTime, long knownTime, String row) {}

    /** The same with what the registry says of the model's version. */
    public ServedExplanation with(JsonNode modelVersionInRegistry) {
        return new ServedExplanation(
                requestId,
                row,
                t,
                model,
                modelVersion,
                artifactDigest,
                service,
                serviceHash,
                status,
                error,
                prediction,
                modelVersionInRegistry,
                views,
                computed);
    }

    /** Whether every value that was served is what it should be; so is a row that was served none. */
    public boolean isExplained() {
        return computed.stream().allMatch(Value::equal)
                && views.stream()
                        .flatMap(view -> view.features().stream())
                        .allMatch(feature -> feature.value().equal());
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an explanation is plain data", e);
        }
    }
}
