package dev.tidewheel.modelserver.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A named array of numbers, held as the protocol sends it in binary: row-major, little-endian, without padding.
 *
 * @param shape size of each dimension, all positive; do not change
 * @param data exactly the elements; its position stays 0, so that it can be read by several threads through duplicates
 */
public record Tensor(String name, Datatype datatype, long[] shape, ByteBuffer data) {

    /** Checks that the bytes are as many as the shape says. */
    public Tensor {
        Objects.requireNonNull(name, "name");
        data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        long expected = Math.multiplyExact(elements(shape), datatype.bytes());
        if (data.remaining() != expected) {
            throw new IllegalArgumentException("tensor '" + name + "' of " + datatype + Arrays.toString(shape) + " has "
                    + data.remaining() + " bytes instead of " + expected);
        }
    }

    /** Number of elements of a shape; an overflow throws {@link ArithmeticException}. */
    static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    /** Number of elements. */
    public int elements() {
        return data.remaining() / datatype.bytes();
    }

    /** Size of the first dimension: how many questions the tensor holds. */
    public long rows() {
        return shape.length == 0 ? 1 : shape[0];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && name.equals(that.name)
                && datatype == that.datatype
                && Arrays.equals(shape, that.shape)
                && data.equals(that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, datatype, Arrays.hashCode(shape), data);
    }

    @Override
    public String toString() {
        return name + " " + datatype + Arrays.toString(shape);
    }
}
