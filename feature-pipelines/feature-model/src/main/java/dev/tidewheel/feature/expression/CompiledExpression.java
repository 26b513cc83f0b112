package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.List;
import java.util.Objects;

/** The outermost node: cleans the output slot, so that equal results are equal rows. */
record CompiledExpression(ColumnType type, List<Integer> columns, List<String> functions, Code code)
        implements Expression {

    @Override
    public Status evaluate(Row in, Row out, int slot) {
        Status status = code.run(in, out, slot);
        if (status != Status.OK) {
            out.setNull(slot);
        } else if (type.isText()) {
            String value = Objects.requireNonNull(out.getString(slot));
            out.setNull(slot).setString(slot, value);
        } else if (out.getString(slot) != null) {
            long word = out.getLong(slot);
            out.setNull(slot).setLong(slot, word);
        }
        return status;
    }
}
