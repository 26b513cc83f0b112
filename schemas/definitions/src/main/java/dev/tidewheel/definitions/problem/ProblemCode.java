package dev.tidewheel.definitions.problem;

import java.util.Locale;

/** What kinds of wrong there are. Their printed names are stable; scripts may rely on them. */
public enum ProblemCode {
    /** A file or folder cannot be read, is too large, or is not UTF-8. */
    UNREADABLE_FILE,
    /** Not YAML. */
    YAML_SYNTAX,
    /** An alias; aliases are not allowed. */
    YAML_ALIAS,
    /** A tag such as {@code !!int}; tags are not allowed. */
    YAML_TAG,
    /** Nothing is defined. */
    EMPTY,
    /** An {@code apiVersion} that this release does not read. */
    API_VERSION,
    /** A {@code kind} that does not exist, or not yet. */
    UNKNOWN_KIND,
    /** A key that has no meaning where it stands. */
    UNKNOWN_KEY,
    /** A key that is written twice. */
    DUPLICATE_KEY,
    /** A key that must be written. */
    MISSING_KEY,
    /** A list, mapping or value where another of them belongs. */
    WRONG_TYPE,
    /** A value that is not one of those that belong there. */
    BAD_VALUE,
    /** A name that cannot be a name. */
    BAD_NAME,
    /** A name that is taken. */
    DUPLICATE_NAME,
    /** A reference to a definition that does not exist. */
    UNKNOWN_NAME,
    /** The source's schema cannot be read or is not an Avro record. */
    BAD_SCHEMA,
    /** A column that the source does not have. */
    UNKNOWN_COLUMN,
    /** A column whose type does not fit its use. */
    COLUMN_TYPE,
    /** A feature that the view does not have. */
    UNKNOWN_FEATURE,
    /** An expression that does not compile. */
    EXPRESSION,
    /** An expression whose result has the wrong type. */
    EXPRESSION_TYPE,
    /** An aggregate that does not exist, or does not take its input or parameters. */
    AGGREGATE,
    /** A window or resolution that cannot be. */
    WINDOW,
    /** A model's questions do not bring what its service asks for. */
    REQUEST,
    /** A monitor's rule whose parts do not go together. */
    RULE,
    /** A reference to a definition that speaks of another model. */
    OTHER_MODEL,
    /** What is dearer, by estimate, than its definition's limits. */
    LIMIT,
    /** A definition's test cannot be run as it is written. */
    TEST;

    /** As it is printed: {@code unknown-key}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
