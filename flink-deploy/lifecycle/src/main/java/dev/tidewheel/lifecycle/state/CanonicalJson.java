package dev.tidewheel.lifecycle.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON with one way to write each thing: keys sorted, no spaces, whole numbers as such and others as
 * {@link Double#toString(double)} has them, times and durations as ISO-8601. The same value has the same bytes on every
 * machine, so that a replay can be compared byte for byte.
 */
public final class CanonicalJson {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            // A state of a later version can be read as far as this one understands it.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private CanonicalJson() {}

    /** Of a tree of records, maps, lists, optionals, times, texts and numbers. */
    public static String of(Object value) {
        StringBuilder json = new StringBuilder();
        write(MAPPER.valueToTree(value), json);
        return json.toString();
    }

    /** {@code sha256:…} of a text's UTF-8. */
    public static String hash(String json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static void write(JsonNode node, StringBuilder json) {
        if (node.isObject()) {
            writeObject(node, json);
        } else if (node.isArray()) {
            json.append('[');
            for (int i = 0; i < node.size(); i++) {
                json.append(i == 0 ? "" : ",");
                write(node.get(i), json);
            }
            json.append(']');
        } else if (node.isFloatingPointNumber()) {
            json.append(Double.toString(node.doubleValue()));
        } else {
            json.append(scalar(node));
        }
    }

    private static void writeObject(JsonNode node, StringBuilder json) {
        Map<String, JsonNode> members = new TreeMap<>();
        node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        json.append('{');
        members.forEach((key, value) -> {
            json.append(json.charAt(json.length() - 1) == '{' ? "" : ",");
            json.append(scalar(MAPPER.getNodeFactory().textNode(key))).append(':');
            write(value, json);
        });
        json.append('}');
    }

    private static String scalar(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a scalar is always JSON: " + node, e);
        }
    }
}
