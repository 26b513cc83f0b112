package dev.tidewheel.history.questions;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.history.source.RowTable;
import java.util.Optional;

/** Labels that stand beside their questions. */
final class LabelColumn implements LabelSource {
    private final RowTable table;
    private final int slot;
    private final Optional<Integer> known;
    private final long knownBy;

    /**
     * @param knownBy labels that became known later are not known, epoch milliseconds
     */
    LabelColumn(RowTable table, String name, Optional<String> known, long knownBy) {
        this.table = table;
        this.slot = table.require(name, "questions");
        this.known = known.map(column -> Times.slot(table, column, "questions"));
        this.knownBy = knownBy;
        Times.requireKnown(known, knownBy);
    }

    @Override
    public Column column() {
        return table.schema().column(slot);
    }

    @Override
    public Skipped.Label state(int row) {
        if (table.isNull(row, slot)) {
            return Skipped.Label.MISSING;
        }
        boolean isKnown = known.map(times -> !table.isNull(row, times) && table.word(row, times) <= knownBy)
                .orElse(true);
        return isKnown ? Skipped.Label.KNOWN : Skipped.Label.NOT_KNOWN_YET;
    }

    @Override
    public void copy(int row, Row to) {
        table.copy(row, slot, to, 0);
    }
}
