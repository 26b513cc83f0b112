package dev.tidewheel.definitions.shape;

import static dev.tidewheel.definitions.shape.ScalarType.DURATION;
import static dev.tidewheel.definitions.shape.ScalarType.EXPRESSION;
import static dev.tidewheel.definitions.shape.ScalarType.IDENTIFIER;
import static dev.tidewheel.definitions.shape.ScalarType.INSTANT;
import static dev.tidewheel.definitions.shape.ScalarType.INTEGER;
import static dev.tidewheel.definitions.shape.ScalarType.LITERAL;
import static dev.tidewheel.definitions.shape.ScalarType.NAME;
import static dev.tidewheel.definitions.shape.ScalarType.NUMBER;
import static dev.tidewheel.definitions.shape.ScalarType.RESOLUTION;
import static dev.tidewheel.definitions.shape.ScalarType.SIZE;
import static dev.tidewheel.definitions.shape.ScalarType.TEXT;
import static dev.tidewheel.definitions.shape.ScalarType.WINDOW;
import static dev.tidewheel.definitions.shape.Shapes.list;
import static dev.tidewheel.definitions.shape.Shapes.optional;
import static dev.tidewheel.definitions.shape.Shapes.required;
import static dev.tidewheel.definitions.shape.Shapes.scalar;
import static dev.tidewheel.definitions.shape.Shapes.struct;

import dev.tidewheel.definitions.shape.Shape.Choice;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.Open;
import dev.tidewheel.definitions.shape.Shape.Struct;
import dev.tidewheel.definitions.shape.Shape.Variants;
import java.util.List;

/** The shapes of what is computed and what is served: FeatureView and FeatureService. */
final class FeatureShapes {
    private FeatureShapes() {}

    static Struct view() {
        return struct(
                "FeatureView.spec",
                optional("source", scalar(NAME), "the source whose events it aggregates; either this or view"),
                optional(
                        "view",
                        scalar(IDENTIFIER),
                        "the view whose changelog it aggregates: a record with its entity and its features for every event that it applied"),
                required("entity", list(scalar(TEXT)), "the source's columns that form the key: strings or integers"),
                optional("where", scalar(EXPRESSION), "rows for which it is not true do not count"),
                optional(
                        "columns",
                        new ListOf(computed("FeatureView.spec.columns"), true),
                        "derived columns; each may use those before it"),
                optional("features", list(feature()), "what is computed; may be left out beside a lookup"),
                optional(
                        "lookup",
                        lookup(),
                        "the last known row of each key: short for one feature latest per column, named as the column"),
                optional("headSpan", scalar(DURATION), "changes younger than this stay single; 10s if not written"),
                optional("headEntries", scalar(INTEGER), "at most so many changes stay single; 64 if not written"));
    }

    private static Struct lookup() {
        return struct(
                "FeatureView.spec.lookup",
                required("columns", list(scalar(IDENTIFIER)), "the source's columns, or derived ones"),
                optional(
                        "ttl",
                        scalar(DURATION),
                        "a row that did not change for so long is gone, as over a window of this length; kept for ever if not written"));
    }

    private static Struct feature() {
        return struct(
                "FeatureView.spec.features",
                required(
                        "name",
                        scalar(IDENTIFIER),
                        "its name; the window is appended, as in mean_delay_24h or flights_tumbling_1d"),
                required("aggregate", scalar(TEXT), "how values become one"),
                optional("of", scalar(EXPRESSION), "what is aggregated; not needed for count"),
                optional(
                        "by",
                        scalar(EXPRESSION),
                        "the second input of an aggregate that has two: what top_k orders by, what correlation sets against 'of'"),
                optional(
                        "bucket",
                        scalar(EXPRESSION),
                        "a category: the feature is then one value per category, a JSON map"),
                optional("where", scalar(EXPRESSION), "rows for which it is not true do not count here"),
                required("windows", list(window()), "how far back: durations, lifetime, or mappings"),
                optional(
                        "resolution",
                        scalar(RESOLUTION),
                        "the tail of each window that is a duration moves in steps of this, 0 for none; by default the largest of 5m, 1h, 6h, 1d that is at most a twelfth"),
                optional(
                        "maxEvents",
                        scalar(INTEGER),
                        "with resolution 0: a window of more events has no value; " + Defaults.MAX_EVENTS
                                + " if not written"),
                optional(
                        "parameters",
                        new Open(NUMBER, true),
                        "the aggregate's own numbers, such as q of a quantile or the edges of a histogram"));
    }

    private static Shape window() {
        String name = "windows";
        Struct tumbling = struct(
                name,
                required(
                        "tumbling",
                        scalar(DURATION),
                        "the last complete one of windows of this length that follow each other from the epoch on"));
        Struct hopping = struct(
                name,
                required("hopping", scalar(DURATION), "the last complete one of windows of this length that overlap"),
                required("every", scalar(DURATION), "the time from one window's end to the next, from the epoch on"));
        Struct session = struct(
                name,
                required(
                        "session",
                        scalar(DURATION),
                        "the events up to now that lie no further from each other, and the last of them from now, than this"),
                required("maxLength", scalar(DURATION), "a session reaches back no further than this"));
        Struct rows = struct(name, required("rows", scalar(INTEGER), "so many last rows that count, however old"));
        return new Variants(WINDOW, List.of(tumbling, hopping, session, rows));
    }

    static Struct viewLimits() {
        return struct(
                "FeatureView.limits",
                optional(
                        "bytesPerKey",
                        scalar(SIZE),
                        "of a busy key's state; " + Defaults.BYTES_PER_KEY + " if not written"),
                optional(
                        "bytesPerEvent",
                        scalar(SIZE),
                        "written to the store per event of a key that has one every " + Defaults.COST_EVERY + "; "
                                + Defaults.BYTES_PER_EVENT + " if not written"),
                optional(
                        "mergesPerRead",
                        scalar(INTEGER),
                        "partial aggregates that are merged and rows that are folded; " + Defaults.MERGES_PER_READ
                                + " if not written"));
    }

    static Struct serviceLimits() {
        return struct(
                "FeatureService.limits",
                optional(
                        "bytesPerRead",
                        scalar(SIZE),
                        "read from the store for one row; " + Defaults.BYTES_PER_READ + " if not written"),
                optional(
                        "mergesPerRead",
                        scalar(INTEGER),
                        "partial aggregates that are merged and rows that are folded for one row; "
                                + Defaults.SERVICE_MERGES_PER_READ + " if not written"));
    }

    static Struct test() {
        return struct(
                "FeatureView.tests",
                required("name", scalar(TEXT), "what is tested"),
                required(
                        "events",
                        new ListOf(new Open(LITERAL), true),
                        "rows of the source, of a chained view those of the source that it is computed from, of a union those of the member that _source names; columns that are not written are null, except _timestamp, the record's Kafka timestamp, which is the event time; _delete: true takes the row away"),
                required(
                        "expect",
                        list(struct(
                                "FeatureView.tests.expect",
                                required("key", new Open(LITERAL), "a value for each entity column"),
                                required("at", scalar(INSTANT), "when the values are read"),
                                required(
                                        "values",
                                        new Open(LITERAL),
                                        "features with their values; doubles may differ by 1e-9, relatively"),
                                optional(
                                        "statuses",
                                        new Open(LITERAL),
                                        "features with their statuses, such as NULL, TRUNCATED or OVERFLOW"))),
                        "what is then true"));
    }

    static Struct service() {
        return struct(
                "FeatureService.spec",
                required("entities", list(scalar(IDENTIFIER)), "the keys that a request brings"),
                optional(
                        "request",
                        new ListOf(
                                struct(
                                        "FeatureService.spec.request",
                                        required("name", scalar(IDENTIFIER), "the column's name"),
                                        required(
                                                "type",
                                                new Choice(List.of("int64", "float64", "bool", "string", "timestamp")),
                                                "the column's type")),
                                true),
                        "what else a request brings"),
                required(
                        "views",
                        list(struct(
                                "FeatureService.spec.views",
                                required("view", scalar(IDENTIFIER), "a feature view; at most once per service"),
                                required(
                                        "features",
                                        list(scalar(IDENTIFIER)),
                                        "its features that are served, in this order"),
                                optional(
                                        "keys",
                                        new Open(IDENTIFIER),
                                        "entity columns of the view that are filled from an entity of another name"))),
                        "what is read"),
                optional(
                        "onDemand",
                        new ListOf(computed("FeatureService.spec.onDemand"), true),
                        "columns computed from the request and from features view.feature; each may use those before it"));
    }

    static Struct computed(String name) {
        return struct(
                name,
                required("name", scalar(IDENTIFIER), "the column's name"),
                required("expression", scalar(EXPRESSION), "how it is computed"));
    }
}
