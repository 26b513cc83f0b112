package dev.tidewheel.feature.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a change stream's row is, change by change. */
class LatestTest {
    private final BoundAggregate<?> latest = bind(ColumnType.INT64);
    private final Accumulator<?> row = latest.partial().create();

    @ParameterizedTest
    @EnumSource(ColumnType.class)
    void lawsHold(ColumnType type) {
        for (long seed = 0; seed < 100; seed++) {
            AggregateLaws.check(bind(type), random -> value(type, random), seed);
        }
    }

    @Test
    void nothingIsNoRow() {
        assertThat(value()).isEqualTo("NULL (null)");
    }

    @Test
    void theLastChangeWins() {
        add(20, 2, 7L);
        add(10, 9, 5L);
        assertThat(value()).isEqualTo("OK (7)");
        add(20, 1, 8L);
        assertThat(value()).as("by id among those of one time").isEqualTo("OK (7)");
    }

    @Test
    void aNullReplacesWhatWas() {
        add(10, 1, 7L);
        add(20, 2, null);
        assertThat(value()).isEqualTo("NULL (null)");
        add(30, 3, 0L);
        assertThat(value()).isEqualTo("OK (0)");
    }

    @Test
    void aDeletedRowIsGoneWhateverIdTheDeleteHas() {
        add(10, 1, 5L);
        add(20, 2, 7L);
        takeAway(20, 2);
        assertThat(value()).isEqualTo("NULL (null)");
        add(30, 3, 8L);
        takeAway(30, 4);
        assertThat(value()).isEqualTo("NULL (null)");
        add(40, 5, 9L);
        assertThat(value()).as("inserted again").isEqualTo("OK (9)");
    }

    @Test
    void aCorrectionLeavesTheNewRowAlsoAtTheOldTime() {
        add(10, 1, 5L);
        takeAway(10, 2);
        add(10, 2, 6L);
        assertThat(value()).isEqualTo("OK (6)");
        add(20, 3, 7L);
        takeAway(10, 3);
        assertThat(value()).isEqualTo("OK (7)");
    }

    @Test
    void aDeleteMayComeBeforeItsRow() {
        takeAway(20, 3);
        assertThat(value()).isEqualTo("NULL (null)");
        add(20, 2, 7L);
        assertThat(value()).isEqualTo("NULL (null)");
        assertThat(row.describe()).isEqualTo("taken away at 1970-01-01T00:00:00.020Z");
    }

    @Test
    void bytesArePinned() {
        add(20, 2, 7L);
        assertThat(hex()).isEqualTo("28020300040e");
        takeAway(20, 3);
        assertThat(hex()).isEqualTo("28000300040e");
        add(30, 4, null);
        assertThat(hex()).isEqualTo("3c02010008");
        takeAway(40, 5);
        assertThat(hex()).isEqualTo("500100");
    }

    private void add(long eventTime, long id, Long value) {
        Row values = new Row(2).setBoolean(0, true);
        if (value != null) {
            values.setLong(1, value);
        }
        row.add(values, 0, eventTime, EventId.of(id));
    }

    private void takeAway(long eventTime, long id) {
        row.retract(new Row(2).setBoolean(0, true), 0, eventTime, EventId.of(id));
    }

    private String value() {
        Row out = new Row(1);
        return latest.finish(row, new ReadPoint(100, 0), out, 0) + " " + out;
    }

    private String hex() {
        ByteWriter out = new ByteWriter();
        row.encode(out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static BoundAggregate<?> bind(ColumnType type) {
        return Aggregates.byName("latest").bind(Operands.of(type), java.util.Map.of());
    }

    private static Row value(ColumnType type, Random random) {
        Row row = new Row(2).setBoolean(0, true);
        if (random.nextInt(4) == 0) {
            return row;
        }
        return switch (type) {
            case INT64, TIMESTAMP -> row.setLong(1, random.nextInt(9));
            case FLOAT64 -> row.setDouble(1, random.nextGaussian());
            case BOOL -> row.setBoolean(1, random.nextBoolean());
            case STRING, JSON -> row.setString(1, "s" + random.nextInt(9));
        };
    }
}
