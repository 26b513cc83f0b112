package dev.tidewheel.runtime.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tidewheel.records.Definition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The registry's records of what a feature job computes: one per view and lineage, whether readers use it already, still,
 * or no more. The record of the view itself, {@code FeatureView/<name>}, points at the lineage that readers use.
 *
 * <p>Each lineage belongs to a cohort, which the job reads the source apart for. It is recorded here so that every
 * start of the job builds the same graph and finds its state again. Cohort 0 is the main pipeline.
 *
 * <p>All methods are pure.
 */
public final class ViewLineages {
    /** One view in one lineage, by {@code view@lineage}. */
    public static final String KIND = "ViewLineage";
    /** A lineage that is not computed any more; stands until what it had stored is deleted. */
    public static final String RETIRED = "RetiredLineage";
    /** The newest cohort that a source ever had; never removed, so that none is given out twice. */
    public static final String COHORT = "Cohort";
    /** The cohort of the main pipeline. */
    public static final long MAIN = 0;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private ViewLineages() {}

    /**
     * A view in one lineage.
     *
     * @param view its name
     * @param lineage unique for the view
     * @param source the name of its source
     * @param cohort which pipeline computes it
     * @param hash of the view's definition, which covers its source
     * @param viewBody canonical JSON of the view
     * @param sourceBody canonical JSON of its source as it was declared then
     */
    public record ViewLineage(
            String view, long lineage, String source, long cohort, String hash, String viewBody, String sourceBody) {
        public ViewLineage {
            Objects.requireNonNull(view, "view");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(hash, "hash");
            Objects.requireNonNull(viewBody, "viewBody");
            Objects.requireNonNull(sourceBody, "sourceBody");
            if (cohort < MAIN) {
                throw new IllegalArgumentException("cohorts are numbered from " + MAIN + ", got " + cohort);
            }
        }

        /** As people write it: {@code view@lineage}. */
        public String id() {
            return ViewLineages.id(view, lineage);
        }
    }

    /** The text that names a lineage: {@code view@lineage}. */
    public static String id(String view, long lineage) {
        return view + "@" + lineage;
    }

    /** The record of a lineage that the job computes from its next start on. */
    public static Definition computed(ViewLineage lineage, long now) {
        return definition(KIND, lineage, now);
    }

    /** The record of a lineage that the job leaves out from its next start on. */
    public static Definition retired(ViewLineage lineage, long now) {
        return definition(RETIRED, lineage, now);
    }

    /** The record of a source's newest cohort. */
    public static Definition newestCohort(String source, long cohort, long now) {
        String body = write(new TreeMap<>(Map.of("newest", cohort)));
        return new Definition(COHORT, source, ServingRecords.hash(body), body, 0L, List.of(), now);
    }

    /** The newest cohort that a source ever had. */
    public static long newestCohort(Map<String, Definition> snapshot, String source) {
        Definition record = snapshot.get(Registry.key(COHORT, source));
        return record == null ? MAIN : tree(record).path("newest").asLong();
    }

    /** All lineages that are computed, by view and lineage. */
    public static List<ViewLineage> computed(Map<String, Definition> snapshot) {
        return ofKind(snapshot, KIND);
    }

    /** All lineages that are not computed any more and may have values in the store, by view and lineage. */
    public static List<ViewLineage> retired(Map<String, Definition> snapshot) {
        return ofKind(snapshot, RETIRED);
    }

    /**
     * The lineages of a source that a job computes, by view and lineage. A view that was published without such a record,
     * by an earlier version, belongs to the main pipeline.
     */
    public static List<ViewLineage> ofSource(Map<String, Definition> snapshot, String source) {
        return known(snapshot).stream()
                .filter(lineage -> lineage.source().equals(source))
                .toList();
    }

    /** The lineages of a view that a job computes, in their order, as {@link #ofSource} has them. */
    public static List<ViewLineage> ofView(Map<String, Definition> snapshot, String view) {
        return known(snapshot).stream()
                .filter(lineage -> lineage.view().equals(view))
                .toList();
    }

    /** All lineages that jobs compute, by view and lineage, as {@link #ofSource} has them. */
    public static List<ViewLineage> known(Map<String, Definition> snapshot) {
        TreeMap<String, ViewLineage> found = new TreeMap<>();
        for (Definition definition : snapshot.values()) {
            if (definition.getKind().equals("FeatureView")) {
                inForce(snapshot, definition).ifPresent(view -> found.put(view.id(), view));
            }
        }
        computed(snapshot).forEach(lineage -> found.put(lineage.id(), lineage));
        return found.values().stream()
                .sorted(Comparator.comparing(ViewLineage::view).thenComparing(ViewLineage::lineage))
                .toList();
    }

    /** What readers use of a view; empty if its source is not in the registry. */
    public static Optional<ViewLineage> inForce(Map<String, Definition> snapshot, Definition view) {
        String name = tree(view).path("spec").path("source").asText();
        Definition source = snapshot.get(Registry.key("Source", name));
        return Optional.ofNullable(source)
                .map(found -> new ViewLineage(
                        view.getName(),
                        view.getLineage(),
                        name,
                        MAIN,
                        view.getHash(),
                        view.getBody(),
                        found.getBody()));
    }

    private static List<ViewLineage> ofKind(Map<String, Definition> snapshot, String kind) {
        return snapshot.values().stream()
                .filter(definition -> definition.getKind().equals(kind))
                .map(ViewLineages::read)
                .sorted(Comparator.comparing(ViewLineage::view).thenComparing(ViewLineage::lineage))
                .toList();
    }

    private static Definition definition(String kind, ViewLineage lineage, long now) {
        TreeMap<String, Object> body = new TreeMap<>();
        body.put("cohort", lineage.cohort());
        body.put("definition", lineage.viewBody());
        body.put("source", lineage.source());
        body.put("sourceDefinition", lineage.sourceBody());
        body.put("view", lineage.view());
        body.put("viewHash", lineage.hash());
        String text = write(body);
        return new Definition(kind, lineage.id(), ServingRecords.hash(text), text, lineage.lineage(), List.of(), now);
    }

    private static ViewLineage read(Definition record) {
        JsonNode body = tree(record);
        return new ViewLineage(
                body.path("view").asText(),
                record.getLineage(),
                body.path("source").asText(),
                body.path("cohort").asLong(),
                body.path("viewHash").asText(),
                body.path("definition").asText(),
                body.path("sourceDefinition").asText());
    }

    private static JsonNode tree(Definition definition) {
        try {
            return JSON.readTree(definition.getBody());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    Registry.key(definition.getKind(), definition.getName()) + " in the registry is not JSON: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain data cannot be written", e);
        }
    }
}
