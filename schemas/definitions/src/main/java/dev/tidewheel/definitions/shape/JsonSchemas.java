package dev.tidewheel.definitions.shape;

import dev.tidewheel.definitions.shape.Shape.Choice;
import dev.tidewheel.definitions.shape.Shape.Field;
import dev.tidewheel.definitions.shape.Shape.Instead;
import dev.tidewheel.definitions.shape.Shape.ListOf;
import dev.tidewheel.definitions.shape.Shape.NameOrInline;
import dev.tidewheel.definitions.shape.Shape.Open;
import dev.tidewheel.definitions.shape.Shape.Struct;
import dev.tidewheel.definitions.shape.Shape.Variants;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shapes as JSON Schema (draft 2020-12), for completion and checks in editors. The files in the resources are
 * written from here, and a test holds them equal: what the loader reads and what editors offer cannot differ.
 */
public final class JsonSchemas {
    private static final String STEP = "  ";

    private JsonSchemas() {}

    /** The name of a kind's file in the resources folder {@code dev/tidewheel/definitions/schema}. */
    public static String file(Kind kind) {
        return kind.word() + ".schema.json";
    }

    /** The schema of a kind's documents. */
    public static String of(Kind kind) {
        String body = schema(kind.document(), "");
        return "{\n" + STEP + "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n" + STEP + "\"title\": "
                + quoted("Tidewheel " + kind.word()) + ",\n" + body.substring(2) + "\n";
    }

    private static String schema(Shape shape, String indent) {
        if (shape instanceof Struct struct) {
            return struct(struct, indent);
        } else if (shape instanceof ListOf list) {
            return "{\n" + indent + STEP + "\"type\": \"array\",\n"
                    + (list.mayBeEmpty() ? "" : indent + STEP + "\"minItems\": 1,\n")
                    + indent + STEP + "\"items\": " + schema(list.item(), indent + STEP) + "\n" + indent + "}";
        } else if (shape instanceof Variants variants) {
            String more = variants.structs().stream()
                    .map(struct -> ", " + schema(struct, indent + STEP))
                    .collect(Collectors.joining());
            return "{\"anyOf\": [" + scalar(variants.plain()) + more + "]}";
        } else if (shape instanceof Open open) {
            String one = scalar(open.value());
            String value = open.orList()
                    ? "{\"anyOf\": [" + one + ", {\"type\": \"array\", \"minItems\": 1, \"items\": " + one + "}]}"
                    : one;
            return "{\"type\": \"object\", \"additionalProperties\": " + value + "}";
        } else if (shape instanceof NameOrInline) {
            return "{\"anyOf\": [" + scalar(ScalarType.NAME) + ", {\"type\": \"object\"}]}";
        } else if (shape instanceof Choice choice) {
            return "{\"enum\": [" + joined(choice.words()) + "]}";
        } else if (shape instanceof Shape.Scalar scalar) {
            return scalar(scalar.type());
        }
        return "{\"type\": [\"string\", \"object\"]}";
    }

    private static String struct(Struct struct, String indent) {
        String inner = indent + STEP;
        List<String> required = struct.fields().stream()
                .filter(Field::required)
                .map(Field::key)
                .filter(key -> struct.instead().stream()
                        .noneMatch(instead -> instead.of().contains(key)))
                .toList();
        String properties = struct.fields().stream()
                .map(field -> inner + STEP + quoted(field.key()) + ": " + described(field, inner + STEP))
                .collect(Collectors.joining(",\n"));
        return "{\n" + inner + "\"type\": \"object\",\n"
                + inner + "\"additionalProperties\": false,\n"
                + inner + "\"required\": [" + joined(required) + "],\n"
                + struct.instead()
                        .map(instead -> either(struct, instead, inner))
                        .orElse("")
                + inner + "\"properties\": {\n" + properties + "\n" + inner + "}\n" + indent + "}";
    }

    /** With the key none of the others; without it, those of them that are required. */
    private static String either(Struct struct, Instead instead, String indent) {
        List<String> others = instead.of().stream()
                .filter(key -> struct.field(key).orElseThrow().required())
                .toList();
        String none = instead.of().stream().map(key -> quoted(key) + ": false").collect(Collectors.joining(", "));
        return indent + "\"if\": {\"required\": [" + quoted(instead.key()) + "]},\n"
                + indent + "\"then\": {\"properties\": {" + none + "}},\n"
                + indent + "\"else\": {\"required\": [" + joined(others) + "]},\n";
    }

    /** The field's schema with its meaning in front. */
    private static String described(Field field, String indent) {
        String schema = schema(field.shape(), indent);
        String description = "\"description\": " + quoted(field.meaning()) + ",";
        return schema.startsWith("{\n")
                ? "{\n" + indent + STEP + description + schema.substring(1)
                : "{" + description + " " + schema.substring(1);
    }

    private static String scalar(ScalarType type) {
        return switch (type) {
            case TEXT, EXPRESSION -> "{\"type\": [\"string\", \"number\", \"boolean\"], \"minLength\": 1}";
            case NAME -> pattern(Names.NAME_PATTERN);
            case IDENTIFIER ->
                "{\"type\": \"string\", \"pattern\": " + quoted("^" + Names.IDENTIFIER_PATTERN + "$")
                        + ", \"not\": {\"enum\": ["
                        + joined(Names.RESERVED.stream().sorted().toList()) + "]}}";
            case INTEGER -> "{\"type\": \"integer\"}";
            case NUMBER -> "{\"type\": \"number\"}";
            case DURATION -> pattern(Scalars.DURATION_PATTERN);
            case WINDOW -> pattern("(" + Scalars.LIFETIME + "|" + Scalars.DURATION_PATTERN + ")");
            case RESOLUTION -> "{\"anyOf\": [{\"const\": 0}, " + pattern("(0|" + Scalars.DURATION_PATTERN + ")") + "]}";
            case SIZE -> pattern(Scalars.SIZE_PATTERN);
            case INSTANT -> "{\"type\": \"string\", \"format\": \"date-time\"}";
            case THRESHOLD ->
                "{\"anyOf\": [{\"enum\": [" + joined(Scalars.THRESHOLD_WORDS) + "]}, {\"type\": \"number\"}]}";
            case LITERAL -> "{\"type\": [\"string\", \"number\", \"boolean\", \"null\"]}";
        };
    }

    private static String pattern(String pattern) {
        return "{\"type\": \"string\", \"pattern\": " + quoted("^" + pattern + "$") + "}";
    }

    private static String joined(List<String> words) {
        return words.stream().map(JsonSchemas::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
