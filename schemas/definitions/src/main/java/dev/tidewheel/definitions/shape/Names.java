package dev.tidewheel.definitions.shape;

import java.util.Set;
import java.util.regex.Pattern;

/** What can be a name. */
public final class Names {
    static final String NAME_PATTERN = "[a-z][a-z0-9_-]{0,62}";
    static final String IDENTIFIER_PATTERN = "[a-zA-Z][a-zA-Z0-9_]{0,62}";
    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
    private static final Pattern IDENTIFIER = Pattern.compile(IDENTIFIER_PATTERN);

    /** Words that CEL keeps for itself, or gives a meaning. */
    static final Set<String> RESERVED = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while",
            "bool",
            "bytes",
            "double",
            "dyn",
            "int",
            "list",
            "map",
            "null_type",
            "string",
            "type",
            "uint");

    private Names() {}

    /** Whether a definition may be called so. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a column may be called so. */
    public static boolean isIdentifier(String text) {
        return IDENTIFIER.matcher(text).matches() && !RESERVED.contains(text);
    }
}
