package dev.tidewheel.modelserver.protocol;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a model says of one of its inputs or outputs.
 *
 * @param shape size of each dimension, −1 where any size is accepted; do not change
 */
public record TensorSpec(String name, Datatype datatype, long[] shape) {

    /** Checks that nothing is missing. */
    public TensorSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(datatype, "datatype");
        Objects.requireNonNull(shape, "shape");
    }

    /** Refuses a tensor that a model cannot take here. */
    public void check(Tensor tensor) throws ProtocolException {
        if (tensor.datatype() != datatype) {
            throw ProtocolException.badRequest(
                    "input '" + name + "' has datatype " + tensor.datatype() + ", the model takes " + datatype);
        }
        if (!accepts(tensor.shape())) {
            throw ProtocolException.badRequest("input '" + name + "' has shape " + Arrays.toString(tensor.shape())
                    + ", the model takes " + Arrays.toString(shape) + " (-1: any size)");
        }
    }

    private boolean accepts(long[] given) {
        if (given.length != shape.length) {
            return false;
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] >= 0 && shape[i] != given[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorSpec that
                && name.equals(that.name)
                && datatype == that.datatype
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, datatype, Arrays.hashCode(shape));
    }

    @Override
    public String toString() {
        return name + " " + datatype + Arrays.toString(shape);
    }
}
