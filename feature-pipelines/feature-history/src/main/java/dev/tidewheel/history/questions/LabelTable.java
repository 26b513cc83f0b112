package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.RowTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Labels of a table of their own, joined to questions by the values of some columns. Of several labels of one question
 * the one counts that became known last, as far as it is known by the moment as of which the set is built; a null takes
 * a label back.
 */
final class LabelTable implements LabelSource {
    private final RowTable questions;
    private final RowTable labels;
    private final int[] onQuestions;
    private final int label;
    private final Map<String, Newest> byKey = new HashMap<>();

    /** The label of a key that counts; none while all are known later. */
    private record Newest(OptionalInt row) {}

    /**
     * @param knownBy labels that became known later are not known, epoch milliseconds
     */
    LabelTable(RowTable questions, Labels from, long knownBy) {
        this.questions = questions;
        this.labels = from.table();
        this.onQuestions = slots(questions, from.on(), "questions");
        this.label = labels.require(from.column(), "labels");
        Times.requireKnown(from.known(), knownBy);
        Optional<Integer> known = from.known().map(column -> Times.slot(labels, column, "labels"));
        int[] on = slots(labels, from.on(), "labels");
        for (int row : inOrder(known)) {
            boolean isKnown = known.map(times -> !labels.isNull(row, times) && labels.word(row, times) <= knownBy)
                    .orElse(true);
            key(labels, row, on)
                    .ifPresent(key -> byKey.merge(
                            key,
                            new Newest(isKnown ? OptionalInt.of(row) : OptionalInt.empty()),
                            (before, after) -> after.row.isPresent() ? after : before));
        }
    }

    private List<Integer> inOrder(Optional<Integer> known) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < labels.size(); row++) {
            rows.add(row);
        }
        rows.sort((left, right) -> {
            int byKnown = known.map(slot -> Long.compare(knownAt(left, slot), knownAt(right, slot)))
                    .orElse(0);
            return byKnown != 0 ? byKnown : labels.compare(left, right);
        });
        return rows;
    }

    /** What has no known time is not known yet, ever. */
    private long knownAt(int row, int slot) {
        return labels.isNull(row, slot) ? Long.MAX_VALUE : labels.word(row, slot);
    }

    private static int[] slots(RowTable table, List<String> names, String what) {
        return names.stream().mapToInt(name -> table.require(name, what)).toArray();
    }

    private static Optional<String> key(RowTable table, int row, int[] slots) {
        List<String> values = new ArrayList<>();
        for (int slot : slots) {
            if (table.isNull(row, slot)) {
                return Optional.empty();
            }
            values.add(table.text(row, slot));
        }
        return Optional.of(EntityKeys.join(values));
    }

    @Override
    public Column column() {
        return labels.schema().column(label);
    }

    @Override
    public Skipped.Label state(int row) {
        Newest newest = key(questions, row, onQuestions).map(byKey::get).orElse(null);
        if (newest == null) {
            return Skipped.Label.MISSING;
        }
        if (newest.row.isEmpty()) {
            return Skipped.Label.NOT_KNOWN_YET;
        }
        return labels.isNull(newest.row.getAsInt(), label) ? Skipped.Label.MISSING : Skipped.Label.KNOWN;
    }

    @Override
    public void copy(int row, Row to) {
        Newest newest = Objects.requireNonNull(
                byKey.get(key(questions, row, onQuestions).orElseThrow()), "a label that is known");
        labels.copy(newest.row.getAsInt(), label, to, 0);
    }
}
