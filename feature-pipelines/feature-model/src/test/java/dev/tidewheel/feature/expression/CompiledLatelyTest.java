package dev.tidewheel.feature.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompiledLatelyTest {
    private static final Column X = new Column("x", ColumnType.INT64);
    private static final Column Y = new Column("y", ColumnType.INT64);

    @Test
    void equalTextsOverEqualColumnsAreOne() {
        assertThat(Expression.compile("x + 40", new RowSchema(List.of(X, Y))))
                .isSameAs(Expression.compile("x + 40", new RowSchema(List.of(X, Y))));
    }

    @Test
    void equalTextsOverOtherColumnsAreTwo() {
        Row row = new Row(2).setLong(0, 1).setLong(1, 2);
        Row out = new Row(1);
        Expression.compile("x + 41", new RowSchema(List.of(X, Y))).evaluate(row, out, 0);
        assertThat(out.getLong(0)).isEqualTo(42);
        Expression.compile("x + 41", new RowSchema(List.of(Y, X))).evaluate(row, out, 0);
        assertThat(out.getLong(0)).isEqualTo(43);
    }

    @Test
    void whatDoesNotCompileFailsEachTime() {
        RowSchema row = new RowSchema(List.of(X));
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> Expression.compile("x + y", row)).isInstanceOf(ExpressionException.class);
        }
    }

    /** What was pushed out is compiled again. */
    @Test
    void manyExpressionsPushEachOtherOut() {
        RowSchema row = new RowSchema(List.of(X));
        Expression first = Expression.compile("x", row);
        for (int i = 0; i < 2_001; i++) {
            Expression.compile("x + " + i, row);
        }
        assertThat(Expression.compile("x", row)).isNotSameAs(first);
    }
}
