package dev.tidewheel.history.parity;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The outcome of a parity run.
 *
 * @param inferences distinct rows that were logged, by request, row and arm
 * @param arms how many of them by arm
 * @param repeated log records that repeat an earlier one to the bit: logging is at least once
 * @param contradictory log records with the name of an earlier one and other contents, as when a request was asked
 *     again; judged too, but not counted as inferences
 * @param unserved rows that never got a vector, because features were unavailable or the request was bad
 * @param boundMillis how long after a change is known a read must contain it
 * @param views per view, then {@link #COMPUTED} for on-demand columns; of the service in force, then of those pinned
 * @param differences the first unexplained ones
 */
public record ParityReport(
        long inferences,
        Map<String, Long> arms,
        long repeated,
        long contradictory,
        long unserved,
        long boundMillis,
        List<ViewParity> views,
        List<Difference> differences) {
    /** Stands for a view where columns are computed at the request. */
    public static final String COMPUTED = "(computed)";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public ParityReport {
        arms = Collections.unmodifiableMap(new TreeMap<>(arms));
        views = List.copyOf(views);
        differences = List.copyOf(differences);
    }

    /** The number that must be 0: reads, of any view, with a value that nothing explains. */
    @JsonProperty
    public long unexplained() {
        return views.stream().mapToLong(ViewParity::unexplained).sum();
    }

    /** Reads whose raw rows are not committed yet; a finished run has none. */
    @JsonProperty
    public long pending() {
        return views.stream().mapToLong(ViewParity::pending).sum();
    }

    /** Reads that miss what had been known for longer than the bound. */
    @JsonProperty
    public long untimely() {
        return views.stream().mapToLong(ViewParity::untimely).sum();
    }

    /** Reads for which the store knew no such key and could not have known it. */
    @JsonProperty
    public long absent() {
        return views.stream().mapToLong(ViewParity::absent).sum();
    }

    /** Reads whose values lack changes that were refused, because the memory of their time was freed. */
    @JsonProperty
    public long freed() {
        return views.stream().mapToLong(ViewParity::freed).sum();
    }

    /**
     * Reads that cannot be judged, because their values may contain events of an entity that was erased since, or because
     * they were logged of an erased one, without their values.
     */
    @JsonProperty
    public long erased() {
        return views.stream().mapToLong(ViewParity::erased).sum();
    }

    /** How many single values were compared. */
    @JsonProperty
    public long values() {
        return views.stream().mapToLong(ViewParity::values).sum();
    }

    /** As JSON, totals included. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is plain data", e);
        }
    }
}
