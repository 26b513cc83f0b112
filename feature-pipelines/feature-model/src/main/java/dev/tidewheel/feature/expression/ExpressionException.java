package dev.tidewheel.feature.expression;

/** An expression that does not compile: wrong syntax, wrong types, or something that Tidewheel does not support. */
public final class ExpressionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    /**
     * @param message what is wrong and what to write instead
     * @param offset where in the expression's text, in UTF-16 units from its start
     */
    public ExpressionException(String message, int offset) {
        super(message);
        this.offset = offset;
    }

    /** Where in the expression's text, in UTF-16 units from its start. */
    public int offset() {
        return offset;
    }
}
