package dev.tidewheel.feature.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelExpr;

/** From CEL's positions, which count code points, to offsets in a Java string. */
final class Offsets {
    private Offsets() {}

    /** Where a node stands; for an operator, the operator itself. */
    static int start(CelAbstractSyntaxTree tree, CelExpr node, String text) {
        return utf16(text, tree.getSource().getPositionsMap().getOrDefault(node.id(), 0));
    }

    /** Where a line (from 1) and column (from 0) point. */
    static int at(CelSourceLocation location, String text) {
        int lineStart = 0;
        for (int line = 1; line < location.getLine(); line++) {
            int end = text.indexOf('\n', lineStart);
            lineStart = end < 0 ? lineStart : end + 1;
        }
        return lineStart + utf16(text.substring(lineStart), Math.max(0, location.getColumn()));
    }

    private static int utf16(String text, int codePoints) {
        return text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    }
}
