package dev.tidewheel.feature.expression;

import static dev.tidewheel.feature.expression.Operator.ok;
import static dev.tidewheel.feature.expression.Operator.text;
import static dev.tidewheel.feature.expression.Operator.textRelation;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.view.Status;
import java.util.Map;

/** What can be asked of a string. Its size counts code points, as CEL has it. */
final class Texts {
    private Texts() {}

    static final Map<String, Operator> OPERATORS = Map.of(
            "size_string", text(Texts::size),
            "string_size", text(Texts::size),
            "starts_with_string", textRelation(String::startsWith),
            "ends_with_string", textRelation(String::endsWith),
            "contains_string", textRelation(String::contains));

    private static Status size(String x, Row out, int slot) {
        return ok(out.setLong(slot, x.codePointCount(0, x.length())));
    }
}
