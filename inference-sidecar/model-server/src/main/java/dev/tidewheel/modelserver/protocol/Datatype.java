package dev.tidewheel.modelserver.protocol;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The protocol's element types that this server can compute with: those of fixed size. */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP32(4),
    FP64(8);

    private final int bytes;

    Datatype(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in a binary tensor. */
    public int bytes() {
        return bytes;
    }

    /** Finds a type by the name that the protocol gives it, in capitals. */
    static Datatype parse(String tensor, String name) throws ProtocolException {
        for (Datatype type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        String known = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
        throw ProtocolException.badRequest(
                "input '" + tensor + "' has datatype '" + name + "'; this server takes " + known);
    }
}
