package dev.tidewheel.feature.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.RowSchema;
import java.util.List;

/** cel-java's parser and checker, set up for rows: columns are nullable variables, no macros, our functions. */
final class CelFrontEnd {
    /** Longer texts are programs, and programs belong in a language. */
    static final int MAX_LENGTH = 4096;

    static final CelOptions OPTIONS = CelOptions.current()
            .enableReservedIds(true)
            .enableTimestampEpoch(true)
            .maxExpressionCodePointSize(MAX_LENGTH)
            .build();

    private static final CelCompiler BASE = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(List.of())
            .addFunctionDeclarations(Functions.declarations())
            .addFunctionDeclarations(Registered.declarations())
            .build();

    private CelFrontEnd() {}

    /**
     * @throws ExpressionException if it is not CEL, or not over these columns
     */
    static CelAbstractSyntaxTree check(String text, RowSchema row) {
        if (text.isBlank()) {
            throw new ExpressionException("the expression is empty; write what to compute, such as delay > 15", 0);
        }
        if (text.length() > MAX_LENGTH) {
            throw new ExpressionException(
                    "the expression has " + text.length() + " characters, at most " + MAX_LENGTH
                            + " are allowed; name its parts as columns and use those",
                    MAX_LENGTH);
        }
        CelValidationResult result = compiler(row).compile(text);
        if (result.hasError()) {
            throw new CheckMessages(text, row).explain(result.getErrors());
        }
        try {
            return result.getAst();
        } catch (CelValidationException impossible) {
            throw new IllegalStateException("no error, but no tree either", impossible);
        }
    }

    private static CelCompiler compiler(RowSchema row) {
        CelCompilerBuilder compiler = BASE.toCompilerBuilder();
        for (Column column : row.columns()) {
            compiler.addVar(column.name(), CelTypes.of(column.type()));
        }
        return compiler.build();
    }

    /** The tree as it was parsed, unchecked, for finding out what an issue is about. */
    static CelAbstractSyntaxTree parse(String text) throws CelValidationException {
        return BASE.parse(text).getAst();
    }
}
