package dev.tidewheel.definitions.shape;

import dev.tidewheel.definitions.problem.ProblemCode;
import java.util.Optional;
import java.util.function.Predicate;

/** What a single value may be. */
public enum ScalarType {
    /** Any text. */
    TEXT("text", "a text, such as flights", ProblemCode.BAD_VALUE, text -> !text.isBlank()),
    /** The name of a definition. */
    NAME(
            "name",
            "a name: lower-case letters, digits, '-' and '_', at most 63, beginning with a letter",
            ProblemCode.BAD_NAME,
            Names::isName),
    /** The name of a column: usable in expressions. */
    IDENTIFIER(
            "identifier",
            "a name: letters, digits and '_', at most 63, beginning with a letter, and no word that CEL reserves",
            ProblemCode.BAD_NAME,
            Names::isIdentifier),
    /** A CEL expression. */
    EXPRESSION("expression", "a CEL expression, such as 'delay > 15'", ProblemCode.EXPRESSION, text -> !text.isBlank()),
    /** A whole number. */
    INTEGER(
            "integer",
            "a whole number, such as 100",
            ProblemCode.BAD_VALUE,
            text -> Scalars.integer(text).isPresent()),
    /** A number. */
    NUMBER(
            "number",
            "a number, such as 0.9",
            ProblemCode.BAD_VALUE,
            text -> Scalars.number(text).isPresent()),
    /** A length of time. */
    DURATION(
            "duration",
            "a duration, such as 500ms, 30s, 5m, 24h or 7d",
            ProblemCode.BAD_VALUE,
            text -> Scalars.duration(text).isPresent()),
    /** A length of time to look back, or all time. */
    WINDOW(
            "window",
            "a duration, such as 5m, 24h or 7d, lifetime, or a mapping, such as {tumbling: 1d}",
            ProblemCode.WINDOW,
            text -> Scalars.window(text).isPresent()),
    /** A length of time in which steps are made, or 0 for none. */
    RESOLUTION(
            "resolution",
            "a duration, such as 500ms, 30s, 5m, 24h or 7d, or 0",
            ProblemCode.BAD_VALUE,
            text -> Scalars.resolution(text).isPresent()),
    /** A number of bytes. */
    SIZE(
            "size",
            "a size, such as 512B, 64KiB or 1MiB",
            ProblemCode.BAD_VALUE,
            text -> Scalars.size(text).isPresent()),
    /** A moment. */
    INSTANT(
            "instant",
            "an instant, such as 2001-02-01T08:00:00Z",
            ProblemCode.BAD_VALUE,
            text -> Scalars.instant(text).isPresent()),
    /** What a measure is compared with. */
    THRESHOLD(
            "threshold",
            "calibrated, baseline, or a number such as 0.3",
            ProblemCode.BAD_VALUE,
            text -> Scalars.THRESHOLD_WORDS.contains(text)
                    || Scalars.number(text).isPresent()),
    /** A value of a column: its type decides. May be null. */
    LITERAL("literal", "a value of the column's type, or null", ProblemCode.BAD_VALUE, text -> true);

    private final String title;
    private final String remedy;
    private final ProblemCode code;
    private final Predicate<String> valid;

    ScalarType(String title, String remedy, ProblemCode code, Predicate<String> valid) {
        this.title = title;
        this.remedy = remedy;
        this.code = code;
        this.valid = valid;
    }

    /** Its name in the documentation. */
    public String title() {
        return title;
    }

    /** What to write. */
    public String remedy() {
        return remedy;
    }

    /** What is reported if it is something else. */
    ProblemCode code() {
        return code;
    }

    /** What is wrong with a text, if anything. */
    Optional<String> fault(String text) {
        return valid.test(text) ? Optional.empty() : Optional.of("write " + remedy);
    }
}
