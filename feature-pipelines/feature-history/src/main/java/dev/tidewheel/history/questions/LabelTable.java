package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.RowTable;
import dev.tidewheel.history.spill.KeyHash;
import dev.tidewheel.history.spill.RowSort;
import dev.tidewheel.history.spill.Slots;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Labels of a table of their own, joined to questions by the values of some columns. Of several labels of one question
 * the one counts that became known last, as far as it is known by the moment as of which the set is built; a null takes
 * a label back.
 */
final class LabelTable implements LabelSource {
    private final RowTable labels;
    private final TableKeys asked;
    private final int label;
    private final TableKeys told;
    private final Optional<Integer> known;
    private final long knownBy;
    /** By the hash of their key, the rows of the labels that count, and one more: 0 is no row. At most half are taken. */
    private final int[] places;

    /**
     * @param knownBy labels that became known later are not known, epoch milliseconds
     */
    LabelTable(RowTable questions, Labels from, long knownBy) {
        this.labels = from.table();
        this.asked = new TableKeys(questions, from.on(), "questions");
        this.told = new TableKeys(labels, from.on(), "labels");
        this.label = labels.require(from.column(), "labels");
        this.known = from.known().map(column -> Times.slot(labels, column, "labels"));
        this.knownBy = knownBy;
        this.places = new int[Slots.of(labels.size(), "labels")];
        Times.requireKnown(from.known(), knownBy);
        int[] rows = IntStream.range(0, labels.size()).toArray();
        new RowSort(this::compare).sort(rows);
        for (int row : rows) {
            told.key(row).ifPresent(key -> take(row, key));
        }
    }

    /** The last one that is known in time; while there is none, any. */
    private void take(int row, String key) {
        int place = place(key);
        if (places[place] == 0 || isKnown(row)) {
            places[place] = row + 1;
        }
    }

    /** Where the label of a key stands, or would. */
    private int place(String key) {
        int place = (int) KeyHash.of(key) & places.length - 1;
        while (places[place] != 0 && !key.equals(told.key(places[place] - 1).orElseThrow())) {
            place = place + 1 & places.length - 1;
        }
        return place;
    }

    private boolean isKnown(int row) {
        return known.isEmpty() || !labels.isNull(row, known.get()) && labels.word(row, known.get()) <= knownBy;
    }

    private int compare(int left, int right) {
        int byKnown = known.isPresent() ? Long.compare(knownAt(left, known.get()), knownAt(right, known.get())) : 0;
        return byKnown != 0 ? byKnown : labels.compare(left, right);
    }

    /** What has no known time is not known yet, ever. */
    private long knownAt(int row, int slot) {
        return labels.isNull(row, slot) ? Long.MAX_VALUE : labels.word(row, slot);
    }

    @Override
    public Column column() {
        return labels.schema().column(label);
    }

    @Override
    public Skipped.Label state(int row) {
        OptionalInt found = found(row);
        if (found.isEmpty()) {
            return Skipped.Label.MISSING;
        }
        if (!isKnown(found.getAsInt())) {
            return Skipped.Label.NOT_KNOWN_YET;
        }
        return labels.isNull(found.getAsInt(), label) ? Skipped.Label.MISSING : Skipped.Label.KNOWN;
    }

    /** The label of a question; empty if nobody told any. */
    private OptionalInt found(int question) {
        int row = asked.key(question).map(key -> places[place(key)]).orElse(0);
        return row == 0 ? OptionalInt.empty() : OptionalInt.of(row - 1);
    }

    @Override
    public void copy(int row, Row to) {
        labels.copy(found(row).orElseThrow(), label, to, 0);
    }
}
