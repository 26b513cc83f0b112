package dev.tidewheel.modelserver.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/** Reads shapes and bounds what they may ask for. */
final class Shapes {

    private static final int MAX_RANK = 16;

    private Shapes() {}

    static long[] read(String tensor, JsonNode node) throws ProtocolException {
        if (!node.isArray() || node.size() > MAX_RANK) {
            throw ProtocolException.badRequest("input '" + tensor + "' needs a 'shape': an array of at most " + MAX_RANK
                    + " sizes, such as [2, 24]");
        }
        long[] shape = new long[node.size()];
        for (int i = 0; i < shape.length; i++) {
            JsonNode size = node.get(i);
            if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 1) {
                throw ProtocolException.badRequest("input '" + tensor + "' has the size " + size
                        + " in its shape; a size is a whole number from 1 to " + Integer.MAX_VALUE);
            }
            shape[i] = size.intValue();
        }
        return shape;
    }

    /** Bytes of a tensor. */
    static long bytes(String tensor, long[] shape, Datatype datatype) throws ProtocolException {
        try {
            return Math.multiplyExact(Tensor.elements(shape), datatype.bytes());
        } catch (ArithmeticException e) {
            throw ProtocolException.badRequest(
                    "input '" + tensor + "' has a shape too large: " + Arrays.toString(shape));
        }
    }
}
