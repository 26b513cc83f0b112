package dev.tidewheel.definitions;

import dev.tidewheel.definitions.shape.ScalarType;
import dev.tidewheel.definitions.shape.Scalars;
import dev.tidewheel.definitions.shape.Shape;
import dev.tidewheel.definitions.yaml.Yaml;
import dev.tidewheel.definitions.yaml.Yaml.Mapping;
import dev.tidewheel.definitions.yaml.Yaml.Scalar;
import dev.tidewheel.definitions.yaml.Yaml.Sequence;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * JSON with one way to write each thing: keys sorted, no spaces, one form per number. Whatever is written differently
 * in YAML but means the same has the same bytes here, and so the same hash.
 */
final class CanonicalJson {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private CanonicalJson() {}

    /** JSON of a tree that is JSON itself, such as an Avro schema: unquoted numbers, booleans and nulls stay such. */
    static String of(Yaml node) {
        if (node instanceof Scalar scalar) {
            boolean word = scalar.style() == Yaml.Style.PLAIN
                    && (scalar.text().matches("true|false|null")
                            || NUMBER.matcher(scalar.text()).matches());
            return word ? scalar.text() : quoted(scalar.text());
        }
        if (node instanceof Sequence sequence) {
            return "["
                    + String.join(
                            ",",
                            sequence.items().stream().map(CanonicalJson::of).toList()) + "]";
        }
        Map<String, String> members = new TreeMap<>();
        ((Mapping) node).entries().forEach(entry -> members.put(entry.key().text(), of(entry.value())));
        return object(members);
    }

    /** JSON of a tree that was held against a shape, which tells texts from numbers. */
    static String of(Yaml node, Shape shape) {
        if (shape instanceof Shape.Struct struct) {
            Map<String, String> members = new TreeMap<>();
            for (Shape.Field field : struct.fields()) {
                Optional<Yaml> value = ((Mapping) node).get(field.key());
                value.ifPresent(present -> members.put(field.key(), of(present, field.shape())));
            }
            return object(members);
        }
        if (shape instanceof Shape.ListOf list) {
            return "["
                    + String.join(
                            ",",
                            ((Sequence) node)
                                    .items().stream()
                                            .map(item -> of(item, list.item()))
                                            .toList())
                    + "]";
        }
        if (shape instanceof Shape.Open open) {
            Map<String, String> members = new TreeMap<>();
            ((Mapping) node)
                    .entries()
                    .forEach(entry -> members.put(
                            entry.key().text(),
                            entry.value() instanceof Scalar scalar
                                    ? scalar(scalar, open.value())
                                    : of(entry.value(), open.list())));
            return object(members);
        }
        if (shape instanceof Shape.Scalar scalar) {
            return scalar((Scalar) node, scalar.type());
        }
        if (shape instanceof Shape.Variants variants) {
            return node instanceof Mapping mapping
                    ? of(node, variants.struct(mapping).orElseThrow())
                    : scalar((Scalar) node, variants.plain());
        }
        if (shape instanceof Shape.NameOrInline either && node instanceof Mapping) {
            return of(node, either.inline());
        }
        return node instanceof Scalar scalar ? quoted(scalar.text()) : of(node);
    }

    private static String scalar(Scalar scalar, ScalarType type) {
        return switch (type) {
            case INTEGER -> Long.toString(Scalars.integer(scalar.text()).orElseThrow());
            case NUMBER -> number(Scalars.number(scalar.text()).orElseThrow());
            case THRESHOLD -> {
                OptionalDouble number = Scalars.number(scalar.text());
                yield number.isPresent() ? number(number.getAsDouble()) : quoted(scalar.text());
            }
            default -> quoted(scalar.text());
        };
    }

    private static String number(double value) {
        boolean whole = value == StrictMath.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    /** An object of members that are JSON already. */
    static String object(Map<String, String> members) {
        StringBuilder json = new StringBuilder("{");
        new TreeMap<>(members)
                .forEach((key, value) -> json.append(json.length() == 1 ? "" : ",")
                        .append(quoted(key))
                        .append(':')
                        .append(value));
        return json.append('}').toString();
    }

    /** A string; control characters, line separators and lone surrogates as escapes. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                json.append('\\').appendCodePoint(point);
            } else if (mustBeEscaped(point)) {
                json.append(String.format("\\u%04x", point));
            } else {
                json.appendCodePoint(point);
            }
        });
        return json.append('"').toString();
    }

    private static boolean mustBeEscaped(int point) {
        return Character.isISOControl(point)
                || point == 0x2028
                || point == 0x2029
                || point == 0xFEFF
                || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                || point == 0xFFFE
                || point == 0xFFFF;
    }

    /** {@code sha256:…} of a text's UTF-8. */
    static String hash(String json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
