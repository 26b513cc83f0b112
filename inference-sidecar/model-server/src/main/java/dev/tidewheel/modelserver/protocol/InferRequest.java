package dev.tidewheel.modelserver.protocol;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for inference.
 *
 * @param id chosen by the caller, returned as it is; null if none was sent
 * @param inputs at least one, with different names
 * @param outputs the wanted ones, in the wanted order; empty means all of the model's
 * @param binaryByDefault whether outputs that do not say otherwise are returned as binary tensors
 */
public record InferRequest(
        @Nullable String id, List<Tensor> inputs, List<WantedOutput> outputs, boolean binaryByDefault) {

    /** Copies the lists. */
    public InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * One wanted output.
     *
     * @param binary whether to return it as a binary tensor
     */
    public record WantedOutput(String name, boolean binary) {
        /** Checks that there is a name. */
        public WantedOutput {
            Objects.requireNonNull(name, "name");
        }
    }

    /** Number of questions: the size of the first input's first dimension. */
    public long rows() {
        return inputs.get(0).rows();
    }

    /** The outputs to return, for a model that has these. */
    public List<WantedOutput> wanted(List<TensorSpec> available) throws ProtocolException {
        if (outputs.isEmpty()) {
            return available.stream()
                    .map(spec -> new WantedOutput(spec.name(), binaryByDefault))
                    .toList();
        }
        List<String> names = available.stream().map(TensorSpec::name).toList();
        for (WantedOutput output : outputs) {
            if (!names.contains(output.name())) {
                throw ProtocolException.badRequest(
                        "the model has no output '" + output.name() + "'; it has " + String.join(", ", names));
            }
        }
        return outputs;
    }
}
