package dev.tidewheel.feature.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChangelogTest {
    private static final RowSchema COLUMNS = new RowSchema(List.of(
            new Column("id", ColumnType.INT64),
            new Column("share", ColumnType.FLOAT64),
            new Column("place", ColumnType.STRING)));

    private final Changelog changelog = new Changelog(COLUMNS, List.of("id"));

    private static Row row(long id, String place) {
        return new Row(3).setLong(0, id).setString(2, place);
    }

    @Test
    void theLastRowIsTakenAway() {
        assertThat(changelog.apply(new RowChange(null, row(1, "a")))).isEqualTo(new RowChange(null, row(1, "a")));
        assertThat(changelog.apply(new RowChange(null, row(1, "b"))))
                .isEqualTo(new RowChange(row(1, "a"), row(1, "b")));
        assertThat(changelog.apply(new RowChange(row(1, "other"), row(1, "c"))))
                .as("what the record says of before does not matter")
                .isEqualTo(new RowChange(row(1, "b"), row(1, "c")));
        assertThat(changelog.apply(new RowChange(new Row(3).setLong(0, 1), null)))
                .isEqualTo(new RowChange(row(1, "c"), null));
        assertThat(changelog.size()).isZero();
        assertThat(changelog.bytes()).isZero();
    }

    @Test
    void whatChangesNothingIsNoChange() {
        changelog.apply(new RowChange(null, row(1, "a")));

        assertThat(changelog.apply(new RowChange(null, row(1, "a")))).isEqualTo(RowChange.NONE);
        assertThat(changelog.apply(new RowChange(row(2, "a"), null))).isEqualTo(RowChange.NONE);
    }

    @Test
    void aKeyThatMovesTakesItsRowAlong() {
        changelog.apply(new RowChange(null, row(1, "a")));

        assertThat(changelog.apply(new RowChange(new Row(3).setLong(0, 1), row(2, "a"))))
                .isEqualTo(new RowChange(row(1, "a"), row(2, "a")));
        assertThat(changelog.size()).isEqualTo(1);
    }

    @Test
    void aKeyThatMovesOverAnotherForgetsNoRowThatCounts() {
        changelog.apply(new RowChange(null, row(1, "a")));
        changelog.apply(new RowChange(null, row(2, "b")));

        assertThat(changelog.apply(new RowChange(row(1, "a"), row(2, "c"))))
                .as("the row of the key that it names is taken away")
                .isEqualTo(new RowChange(row(2, "b"), row(2, "c")));
        assertThat(changelog.apply(new RowChange(row(1, "?"), null)))
                .as("the other counts until something speaks of it")
                .isEqualTo(new RowChange(row(1, "a"), null));
        assertThat(changelog.size()).isEqualTo(1);
    }

    /** Whatever comes: what was added and not taken is what is remembered. */
    @Test
    void whatCountsIsWhatIsRemembered() {
        long seed = 6;
        Random random = new Random(seed);
        List<Row> counted = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Row before = random.nextInt(3) == 0 ? null : row(random.nextInt(20), "?");
            Row after = before != null && random.nextInt(4) == 0 ? null : row(random.nextInt(20), "p" + i);
            RowChange change = changelog.apply(new RowChange(before, after));
            if (change.before() != null) {
                assertThat(counted.remove(change.before()))
                        .as("what is taken away was there, seed %d", seed)
                        .isTrue();
            }
            if (change.after() != null) {
                counted.add(change.after());
            }
            assertThat(changelog.size()).as("seed %d, step %d", seed, i).isEqualTo(counted.size());
        }
        assertThat(counted).isNotEmpty();
    }

    @Test
    void aKeyIsMadeOfColumns() {
        assertThat(changelog.missing(new Row(3))).isEqualTo("id");
        assertThat(changelog.missing(row(1, "a"))).isNull();
        assertThatThrownBy(() -> new Changelog(COLUMNS, List.of("ids"))).hasMessageContaining("'ids'");
        assertThatThrownBy(() -> new Changelog(COLUMNS, List.of("share"))).hasMessageContaining("a double");
    }

    /** Added and taken rows, summed, are the table; with a stop and a restart in between. */
    @Test
    void changesSumUpToTheTable() {
        long seed = 5;
        Random random = new Random(seed);
        TreeMap<Long, Row> table = new TreeMap<>();
        List<Row> counted = new ArrayList<>();
        Changelog current = changelog;
        for (int i = 0; i < 5_000; i++) {
            long id = random.nextInt(40);
            Row after = random.nextInt(4) == 0 ? null : row(id, "p" + random.nextInt(3));
            RowChange change = current.apply(new RowChange(after == null ? row(id, "?") : null, after));
            if (change.before() != null) {
                assertThat(counted.remove(change.before()))
                        .as("what is taken away was there, seed %d", seed)
                        .isTrue();
            }
            if (change.after() != null) {
                counted.add(change.after());
            }
            if (after == null) {
                table.remove(id);
            } else {
                table.put(id, after);
            }
            assertThat(counted).as("seed %d, step %d", seed, i).containsExactlyInAnyOrderElementsOf(table.values());
            if (random.nextInt(100) == 0) {
                Changelog restored = new Changelog(COLUMNS, List.of("id"));
                current.forEach(restored::put);
                assertThat(restored.bytes()).isEqualTo(current.bytes());
                current = restored;
            }
        }
    }
}
