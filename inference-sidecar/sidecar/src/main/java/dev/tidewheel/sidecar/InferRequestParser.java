package dev.tidewheel.sidecar;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads an Open Inference Protocol V2 request in JSON whose inputs are a service's entities and request columns, each a
 * tensor of shape [N] or [N, 1]. Thread-safe.
 */
final class InferRequestParser {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** It becomes a key on a topic and a field of every log line. */
    private static final int MAX_ID = 256;

    private final int maxRows;
    private final Supplier<String> ids;

    /**
     * @param maxRows more are refused
     * @param ids makes an id for requests without one
     */
    InferRequestParser(int maxRows, Supplier<String> ids) {
        this.maxRows = maxRows;
        this.ids = ids;
    }

    /**
     * A request whose inputs are well formed, and not yet held against a service: versions may have different ones.
     *
     * @param id the caller's id, or one that the sidecar made
     * @param traceId from the {@code traceparent} header
     * @param inputs by name, one value per row
     * @param rows how many
     */
    record Parsed(String id, Optional<String> traceId, Map<String, JsonNode> inputs, int rows) {}

    /** @throws RequestProblem with status 400 and what to write instead */
    Parsed parse(byte[] body, @Nullable String traceparent) {
        JsonNode root = readTree(body);
        Map<String, JsonNode> inputs = inputs(root);
        int rows = rowCount(inputs);
        return new Parsed(id(root), traceId(traceparent), inputs, rows);
    }

    /**
     * The request as a version's service takes it.
     *
     * @param known names that are allowed although this service does not take them, because another version's does
     * @throws RequestProblem with status 400 and what to write instead
     */
    static InferRequest of(Parsed parsed, Serving serving, Set<String> known) {
        List<String> entities = serving.entities();
        RowSchema request = serving.service().request();
        checkNames(parsed.inputs(), entities, request, known);
        List<List<String>> keys = new ArrayList<>(parsed.rows());
        List<Row> data = new ArrayList<>(parsed.rows());
        for (int row = 0; row < parsed.rows(); row++) {
            keys.add(keysOf(parsed.inputs(), entities, row));
            data.add(dataOf(parsed.inputs(), request, row));
        }
        return new InferRequest(parsed.id(), parsed.traceId(), keys, data);
    }

    private String id(JsonNode root) {
        String id = root.path("id").asText("");
        if (id.length() > MAX_ID) {
            throw RequestProblem.badRequest("'id' has " + id.length() + " characters; " + MAX_ID + " are allowed");
        }
        return id.isEmpty() ? ids.get() : id;
    }

    private static JsonNode readTree(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            if (root == null || !root.isObject()) {
                throw RequestProblem.badRequest("the body is not a JSON object; send {\"inputs\": [...]}");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw RequestProblem.badRequest("the body is not JSON: " + e.getOriginalMessage() + place(e.getLocation()));
        } catch (IOException e) {
            throw RequestProblem.badRequest("the body cannot be read: " + e.getMessage());
        }
    }

    /** Jackson gives no place for a body that breaks one of its own bounds. */
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static Map<String, JsonNode> inputs(JsonNode root) {
        JsonNode list = root.path("inputs");
        if (!list.isArray() || list.isEmpty()) {
            throw RequestProblem.badRequest("'inputs' is missing or empty");
        }
        Map<String, JsonNode> inputs = new HashMap<>();
        for (JsonNode input : list) {
            JsonNode name = input.path("name");
            if (!name.isTextual()) {
                throw RequestProblem.badRequest("an input has no 'name'");
            }
            if (!input.path("data").isArray()) {
                throw RequestProblem.badRequest("input '" + name.asText() + "' has no 'data' array");
            }
            if (inputs.put(name.asText(), flat(name.asText(), input)) != null) {
                throw RequestProblem.badRequest("input '" + name.asText() + "' occurs twice");
            }
        }
        return inputs;
    }

    /** The data as one flat array, whose length the shape must state. */
    private static JsonNode flat(String name, JsonNode input) {
        JsonNode data = input.path("data");
        if (!data.isEmpty() && data.get(0).isArray()) {
            ArrayNode flat = JSON.createArrayNode();
            for (JsonNode part : data) {
                if (!part.isArray() || part.size() != 1) {
                    throw RequestProblem.badRequest("input '" + name + "' needs one value per row");
                }
                flat.add(part.get(0));
            }
            data = flat;
        }
        JsonNode shape = input.path("shape");
        boolean fits = shape.isArray()
                && (shape.size() == 1 || (shape.size() == 2 && shape.get(1).asLong() == 1))
                && shape.get(0).asLong() == data.size();
        if (!fits) {
            throw RequestProblem.badRequest("input '" + name + "' has shape " + shape + " and " + data.size()
                    + " values; send shape [N] and N values");
        }
        return data;
    }

    private int rowCount(Map<String, JsonNode> inputs) {
        int rows = -1;
        for (Map.Entry<String, JsonNode> input : inputs.entrySet()) {
            int size = input.getValue().size();
            if (rows >= 0 && size != rows) {
                throw RequestProblem.badRequest(
                        "inputs differ in length: '" + input.getKey() + "' has " + size + ", another has " + rows);
            }
            rows = size;
        }
        if (rows < 1 || rows > maxRows) {
            throw RequestProblem.badRequest("a request carries 1 to " + maxRows + " rows, this one " + rows);
        }
        return rows;
    }

    private static void checkNames(
            Map<String, JsonNode> inputs, List<String> entities, RowSchema request, Set<String> known) {
        for (String entity : entities) {
            if (!inputs.containsKey(entity)) {
                throw RequestProblem.badRequest("entity '" + entity + "' is missing from the inputs");
            }
        }
        for (Column column : request.columns()) {
            if (!inputs.containsKey(column.name())) {
                throw RequestProblem.badRequest("request column '" + column.name() + "' is missing from the inputs");
            }
        }
        for (String name : inputs.keySet()) {
            if (!known.contains(name)) {
                throw RequestProblem.badRequest(
                        "input '" + name + "' is neither an entity " + entities + " nor a request column " + request);
            }
        }
    }

    private static List<String> keysOf(Map<String, JsonNode> inputs, List<String> entities, int row) {
        List<String> keys = new ArrayList<>(entities.size());
        for (String entity : entities) {
            JsonNode value = input(inputs, entity).get(row);
            if (!value.isTextual() && !value.isIntegralNumber()) {
                throw RequestProblem.badRequest("entity '" + entity + "' of row " + row + " is " + value
                        + "; an entity is a string or an integer");
            }
            keys.add(value.asText());
        }
        return keys;
    }

    private static Row dataOf(Map<String, JsonNode> inputs, RowSchema request, int row) {
        Row data = new Row(request.size());
        for (int slot = 0; slot < request.size(); slot++) {
            Column column = request.column(slot);
            JsonNode value = input(inputs, column.name()).get(row);
            if (!value.isNull() && !set(data, slot, column, value)) {
                throw RequestProblem.badRequest("request column '" + column.name() + "' of row " + row + " is " + value
                        + ", not a " + column.type());
            }
        }
        return data;
    }

    /** An input whose presence {@link #checkNames} has checked. */
    private static JsonNode input(Map<String, JsonNode> inputs, String name) {
        return Objects.requireNonNull(inputs.get(name), name);
    }

    private static boolean set(Row data, int slot, Column column, JsonNode value) {
        boolean fits = switch (column.type()) {
            case INT64, TIMESTAMP -> value.isIntegralNumber() && value.canConvertToLong();
            case FLOAT64 -> value.isNumber() && Double.isFinite(value.doubleValue());
            case BOOL -> value.isBoolean();
            case STRING, JSON -> value.isTextual();
        };
        if (fits) {
            switch (column.type()) {
                case INT64, TIMESTAMP -> data.setLong(slot, value.longValue());
                case FLOAT64 -> data.setDouble(slot, value.doubleValue());
                case BOOL -> data.setBoolean(slot, value.booleanValue());
                case STRING, JSON -> data.setString(slot, value.textValue());
            }
        }
        return fits;
    }

    /** The trace id of a W3C {@code traceparent} header: its second part. */
    private static Optional<String> traceId(@Nullable String traceparent) {
        if (traceparent == null) {
            return Optional.empty();
        }
        String[] parts = traceparent.split("-", 4);
        return parts.length >= 3 && parts[1].length() == 32 ? Optional.of(parts[1]) : Optional.empty();
    }
}
