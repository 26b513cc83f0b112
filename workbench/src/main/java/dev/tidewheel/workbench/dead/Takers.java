package dev.tidewheel.workbench.dead;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.runtime.registry.ViewLineages.ViewLineage;
import dev.tidewheel.workbench.apply.References;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which lineages have counted a record that one of them refused: all of sources that read its topic, alone or in a union,
 * but those that have a letter about it too. Not thread-safe.
 */
public final class Takers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DECODE = "decode";
    /** What only a union's decoder refuses: a row that its members' columns cannot be made of. */
    private static final String SELECT = "select";

    private static final String BEFORE = "/before";

    private final Map<String, List<Taker>> byTopic = new HashMap<>();
    private final Fingerprints refusals = new Fingerprints();

    /**
     * A lineage.
     *
     * @param id {@code view@lineage}
     * @param suffix what the names of its cohort's stages end with
     * @param entity the key columns, joined by '+'
     * @param ofUnion whether it reads several topics
     */
    private record Taker(String id, String view, String suffix, String entity, boolean ofUnion) {}

    private Takers() {}

    /** Those of a registry. */
    public static Takers of(Map<String, Definition> registry) {
        Takers takers = new Takers();
        for (ViewLineage lineage : ViewLineages.known(registry)) {
            Collection<String> topics = References.topics(lineage.sourceBody());
            Taker taker = new Taker(
                    lineage.id(),
                    lineage.view(),
                    lineage.cohort() == ViewLineages.MAIN ? "" : "@" + lineage.cohort(),
                    entity(lineage),
                    topics.size() > 1);
            topics.forEach(topic -> takers.byTopic
                    .computeIfAbsent(topic, none -> new ArrayList<>())
                    .add(taker));
        }
        return takers;
    }

    private static String entity(ViewLineage lineage) {
        List<String> columns = new ArrayList<>();
        try {
            JSON.readTree(lineage.viewBody())
                    .path("spec")
                    .path("entity")
                    .forEach(column -> columns.add(column.asText()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(lineage.id() + " in the registry is not JSON", e);
        }
        return String.join("+", columns);
    }

    /** Whoever wrote this letter has not counted its record. */
    void refused(DeadLetter letter) {
        String stage = letter.getStage();
        String whole = stage.endsWith(BEFORE) ? stage.substring(0, stage.length() - BEFORE.length()) : stage;
        if (whole.startsWith(DECODE) && letter.getReason() == DeadLetterReason.EXPRESSION_ERROR) {
            whole = SELECT + whole.substring(DECODE.length());
        }
        refusals.add(refusal(letter, whole, letter.getView() == null ? "" : letter.getView()));
    }

    /** The lineages that have counted a letter's record. All letters about it have to be known. */
    List<String> counted(DeadLetter letter) {
        return byTopic.getOrDefault(letter.getTopic(), List.of()).stream()
                .filter(taker -> !hasRefused(taker, letter))
                .map(Taker::id)
                .toList();
    }

    private boolean hasRefused(Taker taker, DeadLetter letter) {
        return refusals.contains(refusal(letter, DECODE, ""))
                || refusals.contains(refusal(letter, DECODE + taker.suffix(), ""))
                || taker.ofUnion() && refusals.contains(refusal(letter, SELECT, ""))
                || taker.ofUnion() && refusals.contains(refusal(letter, SELECT + taker.suffix(), ""))
                || refusals.contains(refusal(letter, "route/" + taker.entity() + taker.suffix(), ""))
                || refusals.contains(refusal(letter, "dedupe/" + taker.entity() + taker.suffix(), ""))
                || refusals.contains(refusal(letter, "view" + taker.suffix(), taker.view()));
    }

    private static String refusal(DeadLetter letter, String stage, String view) {
        return Letters.position(letter) + "/" + stage + "/" + view;
    }
}
