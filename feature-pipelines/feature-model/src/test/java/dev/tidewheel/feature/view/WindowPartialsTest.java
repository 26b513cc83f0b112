package dev.tidewheel.feature.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.aggregate.Accumulator;
import dev.tidewheel.feature.aggregate.AggregateLaws;
import dev.tidewheel.feature.aggregate.BoundAggregate;
import dev.tidewheel.feature.aggregate.Partial;
import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What windows keep beside aggregates obeys the same laws, and its bytes are pinned. */
class WindowPartialsTest {

    @ParameterizedTest
    @CsvSource({"GREATEST, 1", "GREATEST, 7", "GREATEST, 1000", "ALL_OR_NONE, 1", "ALL_OR_NONE, 10", "ALL_OR_NONE, 999"
    })
    void rowsObeyTheLaws(RowsPartial.Bound bound, int limit) {
        RowsPartial partial = new RowsPartial(List.of(ColumnType.INT64), bound, limit);
        BoundAggregate<RowsPartial.Rows> described =
                new BoundAggregate<>(partial, ColumnType.INT64, (rows, at, out, slot) -> finish(rows, out, slot));
        for (long seed = 0; seed < 100; seed++) {
            AggregateLaws.check(described, WindowPartialsTest::value, seed);
        }
    }

    /** The sum of what is kept; not of what was, once there is too much. */
    private static Status finish(RowsPartial.Rows rows, Row out, int slot) {
        if (rows.isTruncated()) {
            return Status.TRUNCATED;
        }
        long sum = rows.held().stream()
                .mapToLong(row -> (row.retraction() ? -1 : 1) * row.values().getLong(0))
                .sum();
        out.setLong(slot, sum);
        return Status.OK;
    }

    @Test
    void spansObeyTheLaws() {
        BoundAggregate<SpanPartial.Span> span =
                new BoundAggregate<>(new SpanPartial(), ColumnType.INT64, (held, at, out, slot) -> {
                    out.setLong(slot, held.last() - held.first());
                    return Status.OK;
                });
        for (long seed = 0; seed < 100; seed++) {
            AggregateLaws.check(span, WindowPartialsTest::value, seed);
        }
    }

    @Test
    void bytesArePinned() {
        RowsPartial kept =
                new RowsPartial(List.of(ColumnType.STRING, ColumnType.FLOAT64), RowsPartial.Bound.ALL_OR_NONE, 2);
        RowsPartial.Rows rows = kept.create();
        rows.add(new Row(3).setString(1, "ab").setDouble(2, 0.5), 1, 1_000, EventId.of("e"));
        rows.retract(new Row(2).setString(0, "c"), 0, 999, EventId.of("topic", 1, 7));
        assertPinned(kept, rows, "0201ce0f0205746f706963020e0101630001010165030261623fe0000000000000");
        rows.add(new Row(2).setString(0, "c"), 0, 998, EventId.of(3));
        assertPinned(kept, rows, "03");

        RowsPartial last = new RowsPartial(List.of(ColumnType.INT64), RowsPartial.Bound.GREATEST, 1);
        RowsPartial.Rows one = last.create();
        one.add(new Row(1).setLong(0, 5), 0, -3, EventId.of(8));
        one.add(new Row(1).setLong(0, 6), 0, -3, EventId.of(9));
        assertPinned(last, one, "0100050012010c");

        SpanPartial.Span span = new SpanPartial().create();
        span.add(new Row(1), 0, 1_000, EventId.of(1));
        span.add(new Row(1), 0, 900, EventId.of(2));
        assertPinned(new SpanPartial(), span, "880e64");
    }

    private static <A extends Accumulator<A>> void assertPinned(Partial<A> partial, A held, String hex) {
        assertThat(HexFormat.of().formatHex(bytes(held))).isEqualTo(hex);
        A back = partial.decode(new ByteReader(HexFormat.of().parseHex(hex)));
        assertThat(bytes(back)).isEqualTo(bytes(held));
    }

    private static byte[] bytes(Accumulator<?> held) {
        ByteWriter out = new ByteWriter();
        held.encode(out);
        return out.toByteArray();
    }

    private static Row value(Random random) {
        return new Row(1).setLong(0, random.nextInt(9));
    }
}
