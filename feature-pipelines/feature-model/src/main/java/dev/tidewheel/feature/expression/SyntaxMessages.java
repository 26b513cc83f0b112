package dev.tidewheel.feature.expression;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the parser says, in the words of those who write expressions. */
final class SyntaxMessages {
    private static final Pattern UNEXPECTED = Pattern.compile(
            "(?:token recognition error at:|mismatched input|extraneous input|no viable alternative at input) '(.*?)'(?: expecting .*)?",
            Pattern.DOTALL);
    private static final Pattern MISSING = Pattern.compile("missing '(.*?)' at '(.*?)'.*", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("For input string: \"(.*?)\".*", Pattern.DOTALL);
    private static final Pattern RESERVED = Pattern.compile("reserved identifier: (.*)", Pattern.DOTALL);

    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("=", "write == to compare"),
            Map.entry("=>", "write >="),
            Map.entry("=<", "write <="),
            Map.entry("and", "write &&"),
            Map.entry("or", "write ||"),
            Map.entry("not", "write !"),
            Map.entry("&", "write &&"),
            Map.entry("|", "write ||"),
            Map.entry("<>", "write !="),
            Map.entry("^", "write pow(x, y)"),
            Map.entry("is", "write == null or != null"),
            Map.entry("between", "write x >= 1 && x <= 2"),
            Map.entry(";", "write one expression without ;"),
            Map.entry("if", "write condition ? a : b"));

    private SyntaxMessages() {}

    static String explain(String message) {
        Matcher unexpected = UNEXPECTED.matcher(message);
        if (unexpected.matches()) {
            return unexpected(unexpected.group(1).strip(), message.startsWith("token recognition"));
        }
        Matcher missing = MISSING.matcher(message);
        if (missing.matches()) {
            return "a '" + missing.group(1) + "' is missing"
                    + (missing.group(2).equals("<EOF>") ? " at the end" : " before '" + missing.group(2) + "'")
                    + "; write it";
        }
        Matcher number = NUMBER.matcher(message);
        if (number.matches()) {
            return "the number " + number.group(1) + " does not fit 64 bits; write it as a double, such as 1e20";
        }
        Matcher reserved = RESERVED.matcher(message);
        if (reserved.matches()) {
            return "'" + reserved.group(1) + "' is a reserved word of CEL; rename the column";
        }
        if (message.startsWith("Expression recursion limit exceeded")) {
            return "the expression is nested too deeply; name its parts as columns and use those";
        }
        return message + "; see docs/expressions.md";
    }

    private static String unexpected(String token, boolean noToken) {
        if (token.equals("<EOF>")) {
            return "the expression ends too early; write what is missing";
        }
        if (noToken && (token.startsWith("'") || token.startsWith("\""))) {
            return "the string is not closed or holds a wrong escape; write it as 'text', a backslash as \\\\";
        }
        return "'" + token + "' has no place here; " + MEANT.getOrDefault(token, "write an operator or take it out");
    }
}
