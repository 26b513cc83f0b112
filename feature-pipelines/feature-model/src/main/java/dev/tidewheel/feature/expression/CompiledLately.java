package dev.tidewheel.feature.expression;

import dev.tidewheel.feature.row.RowSchema;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The expressions that were compiled last. Checking one takes cel-java about a millisecond, and an expression of a
 * definition is compiled where it is written, with its feature alone, and with its view. A compiled expression is
 * immutable, so nobody can tell whether it is shared; one that does not compile is not kept, nor one that
 * calls a registered function, whose version is asked each time. Thread-safe.
 */
final class CompiledLately {
    private static final int MOST = 2_000;

    private static final Map<Question, Expression> KEPT = Collections.synchronizedMap(new Newest());

    private record Question(String text, RowSchema row) {}

    /** The questions that were asked last. */
    private static final class Newest extends LinkedHashMap<Question, Expression> {
        private static final long serialVersionUID = 1L;

        Newest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Expression> eldest) {
            return size() > MOST;
        }
    }

    private CompiledLately() {}

    /**
     * @throws ExpressionException if it does not compile
     */
    static Expression expression(String text, RowSchema row) {
        Question question = new Question(text, row);
        Expression known = KEPT.get(question);
        if (known != null) {
            return known;
        }
        Expression compiled = new CodeGenerator(CelFrontEnd.check(text, row), row, text).expression();
        if (compiled.functions().isEmpty()) {
            KEPT.put(question, compiled);
        }
        return compiled;
    }
}
