package dev.tidewheel.modelserver.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads {@code data} of a JSON tensor, flat or nested as its shape says. In floating-point tensors {@code null} stands
 * for NaN, which JSON cannot write. A number that its type cannot hold is refused, never rounded into another one:
 * floating-point numbers are rounded to the nearest, but not to infinity. For one tensor, by one thread.
 */
final class JsonTensorData {

    private final String tensor;
    private final Datatype datatype;
    private final ByteBuffer out;

    private JsonTensorData(String tensor, Datatype datatype, ByteBuffer out) {
        this.tensor = tensor;
        this.datatype = datatype;
        this.out = out;
    }

    static ByteBuffer read(String tensor, Datatype datatype, long[] shape, JsonNode data) throws ProtocolException {
        if (!data.isArray()) {
            throw ProtocolException.badRequest("input '" + tensor + "' has 'data' that is not an array");
        }
        long bytes = Shapes.bytes(tensor, shape, datatype);
        boolean nested = !data.isEmpty() && data.get(0).isArray();
        long given = nested ? leaves(tensor, shape, 0, data) : data.size();
        // Counted before anything is allocated: a shape is only a claim.
        if (given != bytes / datatype.bytes()) {
            throw ProtocolException.badRequest("input '" + tensor + "' has " + given + " elements, its shape "
                    + Arrays.toString(shape) + " takes " + bytes / datatype.bytes());
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        new JsonTensorData(tensor, datatype, out).append(data, nested);
        return out.flip();
    }

    private static long leaves(String tensor, long[] shape, int depth, JsonNode node) throws ProtocolException {
        boolean leaf = depth == shape.length;
        if (leaf && !node.isArray()) {
            return 1;
        }
        if (leaf || !node.isArray() || node.size() != shape[depth]) {
            throw ProtocolException.badRequest(
                    "input '" + tensor + "' is nested differently from its shape " + Arrays.toString(shape));
        }
        long leaves = 0;
        for (JsonNode child : node) {
            leaves += leaves(tensor, shape, depth + 1, child);
        }
        return leaves;
    }

    private void append(JsonNode array, boolean nested) throws ProtocolException {
        for (JsonNode node : array) {
            if (nested && node.isArray()) {
                append(node, true);
            } else {
                element(node);
            }
        }
    }

    private void element(JsonNode node) throws ProtocolException {
        switch (datatype) {
            case FP32 -> out.putFloat(fp32(node));
            case FP64 -> out.putDouble(fp64(node));
            case BOOL -> out.put((byte) (bool(node) ? 1 : 0));
            case UINT8 -> out.put((byte) integer(node, 0, 255));
            case INT8 -> out.put((byte) integer(node, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT16 -> out.putShort((short) integer(node, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 -> out.putInt((int) integer(node, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> out.putLong(integer(node, Long.MIN_VALUE, Long.MAX_VALUE));
        }
    }

    private float fp32(JsonNode node) throws ProtocolException {
        if (node.isNull()) {
            return Float.NaN;
        }
        float value = node.isNumber() ? node.floatValue() : Float.POSITIVE_INFINITY;
        if (Float.isInfinite(value)) {
            throw wrong(node);
        }
        return value;
    }

    private double fp64(JsonNode node) throws ProtocolException {
        if (node.isNull()) {
            return Double.NaN;
        }
        double value = node.isNumber() ? node.doubleValue() : Double.POSITIVE_INFINITY;
        if (Double.isInfinite(value)) {
            throw wrong(node);
        }
        return value;
    }

    private boolean bool(JsonNode node) throws ProtocolException {
        if (!node.isBoolean()) {
            throw wrong(node);
        }
        return node.booleanValue();
    }

    private long integer(JsonNode node, long min, long max) throws ProtocolException {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(node);
        }
        long value = node.longValue();
        if (value < min || value > max) {
            throw wrong(node);
        }
        return value;
    }

    private ProtocolException wrong(JsonNode node) {
        String text = node.toString();
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        return ProtocolException.badRequest("input '" + tensor + "' has the element " + shown + " at index "
                + out.position() / datatype.bytes() + ", which is not " + expected());
    }

    private String expected() {
        return switch (datatype) {
            case FP32, FP64 -> "a number that fits into " + datatype + ", or null for NaN";
            case BOOL -> "true or false";
            default -> "a whole number that fits into " + datatype;
        };
    }
}
