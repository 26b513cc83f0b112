package dev.tidewheel.modelserver.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;

/** The bytes behind a request's JSON, taken by its tensors in turn. For one thread. */
final class BinaryTail {

    private final ByteBuffer bytes;

    BinaryTail(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * The next tensor's bytes; nothing is copied.
     *
     * @param declared the parameter {@code binary_data_size}
     * @param expected what shape and datatype make of it
     */
    ByteBuffer take(String tensor, JsonNode declared, long expected) throws ProtocolException {
        if (!declared.isIntegralNumber() || !declared.canConvertToLong() || declared.longValue() != expected) {
            throw ProtocolException.badRequest("input '" + tensor + "' has binary_data_size " + declared
                    + ", its shape and datatype take " + expected);
        }
        if (expected > bytes.remaining()) {
            throw ProtocolException.badRequest("input '" + tensor + "' takes " + expected + " binary bytes, but only "
                    + bytes.remaining() + " are left behind the JSON; is Inference-Header-Content-Length set?");
        }
        int size = (int) expected;
        ByteBuffer slice = bytes.slice(bytes.position(), size);
        bytes.position(bytes.position() + size);
        return slice;
    }

    void requireConsumed() throws ProtocolException {
        if (bytes.hasRemaining()) {
            throw ProtocolException.badRequest(bytes.remaining() + " bytes behind the JSON belong to no input");
        }
    }
}
