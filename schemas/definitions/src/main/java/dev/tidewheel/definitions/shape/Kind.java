package dev.tidewheel.definitions.shape;

import static dev.tidewheel.definitions.shape.ScalarType.DURATION;
import static dev.tidewheel.definitions.shape.ScalarType.EXPRESSION;
import static dev.tidewheel.definitions.shape.ScalarType.IDENTIFIER;
import static dev.tidewheel.definitions.shape.ScalarType.INSTANT;
import static dev.tidewheel.definitions.shape.ScalarType.NAME;
import static dev.tidewheel.definitions.shape.ScalarType.TEXT;
import static dev.tidewheel.definitions.shape.Shapes.optional;
import static dev.tidewheel.definitions.shape.Shapes.required;
import static dev.tidewheel.definitions.shape.Shapes.scalar;
import static dev.tidewheel.definitions.shape.Shapes.struct;

import dev.tidewheel.definitions.shape.Shape.Choice;
import dev.tidewheel.definitions.shape.Shape.Field;
import dev.tidewheel.definitions.shape.Shape.FileOrInline;
import dev.tidewheel.definitions.shape.Shape.Instead;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.NameOrInline;
import dev.tidewheel.definitions.shape.Shape.Open;
import dev.tidewheel.definitions.shape.Shape.Struct;
import dev.tidewheel.definitions.shape.Shape.Variants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of definitions and what may be written in each; those first that others refer to. */
public enum Kind {
    SOURCE("Source", NAME, source(), List.of()),
    FEATURE_VIEW(
            "FeatureView",
            IDENTIFIER,
            FeatureShapes.view(),
            List.of(
                    optional(
                            "limits",
                            FeatureShapes.viewLimits(),
                            "what it may cost, by estimate; no part of the definition's meaning"),
                    optional(
                            "tests",
                            new ListOf(FeatureShapes.test(), true),
                            "events in, values expected; no part of the definition's meaning"))),
    FEATURE_SERVICE(
            "FeatureService",
            NAME,
            FeatureShapes.service(),
            List.of(optional(
                    "limits",
                    FeatureShapes.serviceLimits(),
                    "what a row may cost, by estimate; no part of the definition's meaning"))),
    MODEL("Model", NAME, model(), List.of()),
    MONITOR("Monitor", NAME, ControlShapes.monitor(), List.of()),
    ROLLOUT("Rollout", NAME, ControlShapes.rollout(), List.of()),
    RETRAINING("Retraining", NAME, ControlShapes.retraining(), List.of());

    /** The only version there is. */
    public static final String API_VERSION = "tidewheel.dev/v1";

    private final String word;
    private final Struct document;

    Kind(String word, ScalarType name, Struct spec, List<Field> more) {
        this.word = word;
        List<Field> fields = new ArrayList<>(List.of(
                required("apiVersion", new Choice(List.of("tidewheel.dev/v1")), "the version of the format"),
                required("kind", new Choice(List.of(word)), "what is defined"),
                required(
                        "metadata",
                        struct(
                                word + ".metadata",
                                required(
                                        "name",
                                        scalar(name),
                                        "how other definitions refer to it; unique among its kind")),
                        "what it is called"),
                required("spec", spec, "what it is")));
        fields.addAll(more);
        this.document = new Struct(word, fields);
    }

    /** As it is written. */
    public String word() {
        return word;
    }

    /** The whole document. */
    public Struct document() {
        return document;
    }

    /** What stands behind {@code spec}. */
    public Struct specification() {
        return document.fields().stream()
                .filter(field -> field.key().equals("spec"))
                .map(field -> (Struct) field.shape())
                .findFirst()
                .orElseThrow();
    }

    /** The kind of a word. */
    public static Optional<Kind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** The words of all kinds. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Kind::word).toList();
    }

    private static Struct source() {
        Field kafka = required(
                "kafka",
                struct(
                        "Source.spec.kafka",
                        required("topic", scalar(TEXT), "the topic to read"),
                        required(
                                "format",
                                new Choice(List.of("avro", "avro-registry", "json", "debezium", "debezium-avro")),
                                "how records are written, see [sources](sources.md)")),
                "where the records come from");
        Field schema = required("schema", new FileOrInline(), "the Avro schema's file, beside this one");
        Field eventTime = required("eventTime", scalar(TEXT), "the column that says when it happened");
        Field knownTime = optional(
                "knownTime",
                scalar(TEXT),
                "the column that says when it could first be known; without it, the record's Kafka timestamp. Of change events: _timestamp, _ts_ms or _source_ts_ms");
        Field eventId = optional(
                "eventId",
                scalar(TEXT),
                "the column that identifies an event: removes duplicates and breaks ties; without it, the record's position");
        Struct member = struct(
                "Source.spec.union.source",
                required("name", scalar(NAME), "what the member is called"),
                kafka,
                schema,
                eventTime,
                knownTime,
                eventId);
        Struct spec = struct(
                "Source.spec",
                kafka,
                schema,
                eventTime,
                knownTime,
                eventId,
                optional(
                        "union",
                        new ListOf(
                                struct(
                                        "Source.spec.union",
                                        required(
                                                "source",
                                                new NameOrInline(member),
                                                "a source of events, at least two; each with another topic"),
                                        optional(
                                                "select",
                                                new Open(EXPRESSION),
                                                "columns of the union that it has under another name, or computes; others by their names")),
                                false),
                        "several sources as one, instead of kafka, schema, eventTime, knownTime, eventId and changelog; see [sources](sources.md#several-topics-as-one)"),
                required(
                        "horizon",
                        scalar(DURATION),
                        "events known later than this after they happened are late: dead letters"),
                optional(
                        "futureLimit",
                        scalar(DURATION),
                        "events further ahead of their known time are rejected; 10m if not written. Not for change events: their rows wait until they are due"),
                optional(
                        "changelog",
                        struct(
                                "Source.spec.changelog",
                                required(
                                        "key",
                                        new ListOf(scalar(TEXT), false),
                                        "the columns of the rows' primary key")),
                        "of change events that do not say what a row was before: the last row of every key is remembered"),
                optional(
                        "handover",
                        new Variants(
                                TEXT,
                                List.of(
                                        struct(
                                                "Source.spec.handover by time",
                                                required(
                                                        "knownTime",
                                                        scalar(INSTANT),
                                                        "what was imported counts if it was known before, what the topic brings if it was known then or later; needs a knownTime of the source")),
                                        struct(
                                                "Source.spec.handover by id",
                                                required(
                                                        "overlap",
                                                        scalar(DURATION),
                                                        "what the topic brings may have been imported, too, if that became known at most so long after the topic's first record; needs an eventId, and is at most the horizon")))),
                        "where what was [imported](handover.md#what-never-was-in-the-topic) ends and the topic begins: `offsets` (all of both counts, the default), or one of the mappings below"),
                optional(
                        "idle",
                        scalar(DURATION),
                        "a partition without records for so long does not hold back the watermark; " + Defaults.IDLE
                                + " if not written"),
                optional(
                        "watermarkDelay",
                        scalar(DURATION),
                        "how far the watermark stays behind the greatest known time; " + Defaults.WATERMARK_DELAY
                                + " if not written"));
        return new Struct(
                spec.name(),
                spec.fields(),
                Optional.of(new Instead(
                        "union", List.of("kafka", "schema", "eventTime", "knownTime", "eventId", "changelog"))));
    }

    private static Struct model() {
        return struct(
                "Model.spec",
                required("service", scalar(NAME), "the feature service that the model is asked with"),
                required(
                        "questions",
                        struct(
                                "Model.spec.questions",
                                required("source", scalar(NAME), "each of its events is a question"),
                                required("at", scalar(TEXT), "the column that says when it is asked"),
                                optional(
                                        "request",
                                        new ListOf(FeatureShapes.computed("Model.spec.questions.request"), true),
                                        "how the event fills the service's request columns"),
                                optional(
                                        "entities",
                                        new Open(TEXT),
                                        "entities of the service that are filled from a column of another name")),
                        "where training rows come from, and what a replay asks"),
                required(
                        "label",
                        FeatureShapes.computed("Model.spec.label"),
                        "what is predicted: a bool over the source's columns"),
                required(
                        "training",
                        struct(
                                "Model.spec.training",
                                required("from", scalar(INSTANT), "the first moment of a question"),
                                required("to", scalar(INSTANT), "after the last")),
                        "which questions are learnt from"));
    }
}
