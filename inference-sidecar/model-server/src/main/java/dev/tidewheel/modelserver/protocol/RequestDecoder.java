package dev.tidewheel.modelserver.protocol;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.modelserver.protocol.InferRequest.WantedOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an inference request: a JSON object, and behind it the bytes of its binary tensors, one after the
 * other in the order of the inputs. Fields that the protocol does not know are ignored, as it asks. Every refusal says
 * which tensor is wrong and what was expected. Safe for use by many threads.
 */
public final class RequestDecoder {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RequestDecoder() {}

    /**
     * Decodes a body.
     *
     * @param jsonBytes length of the JSON part ({@code Inference-Header-Content-Length}); null if it is all
     */
    public static InferRequest decode(byte[] body, @Nullable Integer jsonBytes) throws ProtocolException {
        int length = jsonBytes == null ? body.length : jsonBytes;
        if (length < 0 || length > body.length) {
            throw ProtocolException.badRequest(
                    "Inference-Header-Content-Length is " + length + ", but the body has " + body.length + " bytes");
        }
        JsonNode root = parse(body, length);
        BinaryTail tail = new BinaryTail(ByteBuffer.wrap(body, length, body.length - length));
        List<Tensor> inputs = inputs(root, tail);
        tail.requireConsumed();
        return new InferRequest(
                id(root), inputs, outputs(root), flag(root.path("parameters"), "binary_data_output", false));
    }

    private static JsonNode parse(byte[] body, int length) throws ProtocolException {
        JsonNode root;
        try {
            root = JSON.readTree(body, 0, length);
        } catch (JsonProcessingException e) {
            throw ProtocolException.badRequest("the body is not JSON: " + e.getOriginalMessage() + place(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        if (!root.isObject()) {
            throw ProtocolException.badRequest("the body must be a JSON object with 'inputs'");
        }
        return root;
    }

    private static String place(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static @Nullable String id(JsonNode root) throws ProtocolException {
        JsonNode id = root.path("id");
        if (id.isMissingNode() || id.isNull()) {
            return null;
        }
        if (!id.isTextual()) {
            throw ProtocolException.badRequest("'id' must be a string");
        }
        return id.textValue();
    }

    private static List<Tensor> inputs(JsonNode root, BinaryTail tail) throws ProtocolException {
        JsonNode nodes = root.path("inputs");
        if (!nodes.isArray() || nodes.isEmpty()) {
            throw ProtocolException.badRequest("'inputs' must be an array of at least one tensor");
        }
        List<Tensor> inputs = new ArrayList<>(nodes.size());
        Set<String> names = new HashSet<>();
        for (JsonNode node : nodes) {
            Tensor tensor = tensor(node, inputs.size(), tail);
            if (!names.add(tensor.name())) {
                throw ProtocolException.badRequest("input '" + tensor.name() + "' is given twice");
            }
            inputs.add(tensor);
        }
        return inputs;
    }

    private static Tensor tensor(JsonNode node, int index, BinaryTail tail) throws ProtocolException {
        String name = name(node, "inputs[" + index + "]");
        JsonNode type = node.path("datatype");
        if (!type.isTextual()) {
            throw ProtocolException.badRequest("input '" + name + "' has no 'datatype'");
        }
        Datatype datatype = Datatype.parse(name, type.textValue());
        long[] shape = Shapes.read(name, node.path("shape"));
        JsonNode binarySize = node.path("parameters").path("binary_data_size");
        JsonNode data = node.path("data");
        if (data.isMissingNode() == binarySize.isMissingNode()) {
            throw ProtocolException.badRequest("input '" + name
                    + "' must have either 'data' or the parameter 'binary_data_size'"
                    + (data.isMissingNode() ? ", and has neither" : ", and has both"));
        }
        ByteBuffer bytes = data.isMissingNode()
                ? tail.take(name, binarySize, Shapes.bytes(name, shape, datatype))
                : JsonTensorData.read(name, datatype, shape, data);
        return new Tensor(name, datatype, shape, bytes);
    }

    private static List<WantedOutput> outputs(JsonNode root) throws ProtocolException {
        JsonNode nodes = root.path("outputs");
        if (nodes.isMissingNode() || nodes.isNull()) {
            return List.of();
        }
        if (!nodes.isArray()) {
            throw ProtocolException.badRequest("'outputs' must be an array");
        }
        boolean byDefault = flag(root.path("parameters"), "binary_data_output", false);
        List<WantedOutput> outputs = new ArrayList<>(nodes.size());
        for (JsonNode node : nodes) {
            String name = name(node, "outputs[" + outputs.size() + "]");
            outputs.add(new WantedOutput(name, flag(node.path("parameters"), "binary_data", byDefault)));
        }
        return outputs;
    }

    private static String name(JsonNode node, String where) throws ProtocolException {
        JsonNode name = node.path("name");
        if (!name.isTextual()) {
            throw ProtocolException.badRequest(where + " has no 'name'");
        }
        return name.textValue();
    }

    private static boolean flag(JsonNode parameters, String name, boolean absent) throws ProtocolException {
        JsonNode value = parameters.path(name);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw ProtocolException.badRequest("the parameter '" + name + "' must be true or false");
        }
        return value.booleanValue();
    }
}
