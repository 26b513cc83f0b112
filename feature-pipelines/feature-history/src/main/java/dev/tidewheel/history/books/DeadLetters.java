package dev.tidewheel.history.books;

import dev.tidewheel.history.source.Position;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the topic of dead letters holds, each letter counted once however often it was delivered. Mutable, not
 * thread-safe.
 */
public final class DeadLetters {
    private final Set<Identity> seen = new HashSet<>();
    private final Map<String, Long> lateByView = new HashMap<>();
    private final Map<String, Long> rejectedByView = new HashMap<>();
    private final Map<String, Long> withoutView = new HashMap<>();
    private final Map<Undecoded, Long> undecoded = new HashMap<>();
    private final Map<String, Set<Position>> freedByStage = new HashMap<>();

    private record Undecoded(String stage, String topic, int partition) {}

    private record Identity(String topic, int partition, long offset, String stage, String view) {}

    /** Takes a letter. */
    public void add(DeadLetter letter) {
        String view = letter.getView() == null ? "" : letter.getView();
        if (!seen.add(
                new Identity(letter.getTopic(), letter.getPartition(), letter.getOffset(), letter.getStage(), view))) {
            return;
        }
        if (letter.getReason() == DeadLetterReason.STATE_FREED) {
            freedByStage
                    .computeIfAbsent(letter.getStage(), unseen -> new HashSet<>())
                    .add(new Position(letter.getTopic(), letter.getPartition(), letter.getOffset()));
        } else if (view.isEmpty()) {
            withoutView.merge(letter.getTopic(), 1L, Long::sum);
            undecoded.merge(new Undecoded(letter.getStage(), letter.getTopic(), letter.getPartition()), 1L, Long::sum);
        } else if (letter.getReason() == DeadLetterReason.LATE) {
            lateByView.merge(view + cohort(letter), 1L, Long::sum);
        } else {
            rejectedByView.merge(view + cohort(letter), 1L, Long::sum);
        }
    }

    /** What a stage's name ends with where a cohort computes it, such as {@code @2}; empty in the main pipeline. */
    private static String cohort(DeadLetter letter) {
        int at = letter.getStage().indexOf('@');
        return at < 0 ? "" : letter.getStage().substring(at);
    }

    private static String suffix(long cohort) {
        return cohort == 0 ? "" : "@" + cohort;
    }

    /** Changes that a view refused because they were late, in the lineage that a cohort computes; 0 is the main pipeline. */
    public long late(String view, long cohort) {
        return lateByView.getOrDefault(view + suffix(cohort), 0L);
    }

    /** Changes that a view refused for another reason, in the lineage that a cohort computes. */
    public long rejected(String view, long cohort) {
        return rejectedByView.getOrDefault(view + suffix(cohort), 0L);
    }

    /**
     * Where the changes stand that no view of an entity took, because they came so late that the memory of their time was
     * freed: whether they repeat another could not be told any more.
     *
     * @param entity the entity's key columns
     * @param cohort which computes the lineages; 0 for the main pipeline
     */
    public Set<Position> freed(List<String> entity, long cohort) {
        return Set.copyOf(freedByStage.getOrDefault("dedupe/" + String.join("+", entity) + suffix(cohort), Set.of()));
    }

    /** Records of a partition that a pipeline took for no change at all: refused, or left out by the source's handover. */
    public long undecoded(String topic, int partition, long cohort) {
        return undecoded.getOrDefault(new Undecoded("decode" + suffix(cohort), topic, partition), 0L);
    }

    /** Records of a topic that reached no view, for another reason than being {@link #freed}. */
    public long beforeViews(String topic) {
        return withoutView.getOrDefault(topic, 0L);
    }
}
