package dev.tidewheel.history.books;

import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.DeadLetterReason;
import java.util.HashMap;
import java.util.HashSet;
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

    private record Identity(String topic, int partition, long offset, String stage, String view) {}

    /** Takes a letter. */
    public void add(DeadLetter letter) {
        String view = letter.getView() == null ? "" : letter.getView();
        if (!seen.add(
                new Identity(letter.getTopic(), letter.getPartition(), letter.getOffset(), letter.getStage(), view))) {
            return;
        }
        if (view.isEmpty()) {
            withoutView.merge(letter.getTopic(), 1L, Long::sum);
        } else if (letter.getReason() == DeadLetterReason.LATE) {
            lateByView.merge(view, 1L, Long::sum);
        } else {
            rejectedByView.merge(view, 1L, Long::sum);
        }
    }

    /** Changes that a view refused because they were late. */
    public long late(String view) {
        return lateByView.getOrDefault(view, 0L);
    }

    /** Changes that a view refused for another reason. */
    public long rejected(String view) {
        return rejectedByView.getOrDefault(view, 0L);
    }

    /** Records of a topic that reached no view. */
    public long beforeViews(String topic) {
        return withoutView.getOrDefault(topic, 0L);
    }
}
