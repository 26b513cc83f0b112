package dev.tidewheel.modelserver.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import dev.tidewheel.modelserver.protocol.Datatype;
import dev.tidewheel.modelserver.protocol.ProtocolException;
import dev.tidewheel.modelserver.protocol.Tensor;
import dev.tidewheel.modelserver.protocol.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A version in memory, ready to compute.
 *
 * <p>Computing with it from many threads at once is fine; each computation uses one thread, its caller's. The native
 * session behind it must not be closed under a computation, so whoever computes holds a share ({@link #acquire}): it is
 * closed when the last share has been given back.
 */
public final class LoadedModel {

    private final ModelId id;
    private final String digest;
    private final OrtSession session;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private int shares = 1;

    private LoadedModel(Artifact artifact, OrtSession session, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        this.id = artifact.id();
        this.digest = artifact.digest();
        this.session = session;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
    }

    /** Loads a checked artifact; the first share belongs to the caller. */
    static LoadedModel load(Artifact artifact) throws RefusedModelException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // Requests run beside each other, not their operators: the same sums in the same order, every time.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            OrtSession session = OrtEnvironment.getEnvironment().createSession(artifact.onnx(), options);
            return describe(artifact, session);
        } catch (OrtException e) {
            throw new RefusedModelException(artifact.id(), "onnxruntime cannot load it: " + e.getMessage(), e);
        }
    }

    private static LoadedModel describe(Artifact artifact, OrtSession session)
            throws OrtException, RefusedModelException {
        boolean described = false;
        try {
            LoadedModel model = new LoadedModel(
                    artifact,
                    session,
                    specs(artifact.id(), session.getInputInfo()),
                    specs(artifact.id(), session.getOutputInfo()));
            described = true;
            return model;
        } finally {
            if (!described) {
                session.close();
            }
        }
    }

    private static List<TensorSpec> specs(ModelId id, Map<String, NodeInfo> nodes) throws RefusedModelException {
        List<TensorSpec> specs = new ArrayList<>(nodes.size());
        for (NodeInfo node : nodes.values()) {
            ValueInfo info = node.getInfo();
            if (!(info instanceof TensorInfo tensor)) {
                throw new RefusedModelException(id, "'" + node.getName() + "' is not a tensor");
            }
            specs.add(new TensorSpec(node.getName(), datatype(id, node.getName(), tensor.type), tensor.getShape()));
        }
        return specs;
    }

    private static Datatype datatype(ModelId id, String name, OnnxJavaType type) throws RefusedModelException {
        return switch (type) {
            case BOOL -> Datatype.BOOL;
            case UINT8 -> Datatype.UINT8;
            case INT8 -> Datatype.INT8;
            case INT16 -> Datatype.INT16;
            case INT32 -> Datatype.INT32;
            case INT64 -> Datatype.INT64;
            case FLOAT -> Datatype.FP32;
            case DOUBLE -> Datatype.FP64;
            default ->
                throw new RefusedModelException(
                        id, "'" + name + "' has the element type " + type + ", which this server does not know");
        };
    }

    /** Model and version. */
    public ModelId id() {
        return id;
    }

    /** {@code sha256:} and the digest of the artifact that was loaded. */
    public String digest() {
        return digest;
    }

    /** What must be given, in the model's order. */
    public List<TensorSpec> inputs() {
        return inputs;
    }

    /** What can be asked for, in the model's order. */
    public List<TensorSpec> outputs() {
        return outputs;
    }

    /**
     * Computes outputs from inputs. The caller must hold a share.
     *
     * @param wanted names of outputs of this model
     * @return the wanted outputs by name
     * @throws ProtocolException if the inputs are not those of the model, or it fails on them
     */
    public Map<String, Tensor> run(List<Tensor> given, Set<String> wanted) throws ProtocolException {
        check(given);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Tensor tensor : given) {
                tensors.put(tensor.name(), toOnnx(tensor));
            }
            try (OrtSession.Result result = session.run(tensors, wanted)) {
                return outputs(result);
            }
        } catch (OrtException e) {
            throw new ProtocolException(500, "model " + id + " failed on this request: " + e.getMessage());
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private void check(List<Tensor> given) throws ProtocolException {
        Map<String, TensorSpec> expected = new LinkedHashMap<>();
        inputs.forEach(spec -> expected.put(spec.name(), spec));
        Set<String> missing = new HashSet<>(expected.keySet());
        for (Tensor tensor : given) {
            TensorSpec spec = expected.get(tensor.name());
            if (spec == null) {
                throw ProtocolException.badRequest("the model has no input '" + tensor.name() + "'; it takes "
                        + String.join(", ", expected.keySet()));
            }
            spec.check(tensor);
            missing.remove(tensor.name());
        }
        if (!missing.isEmpty()) {
            throw ProtocolException.badRequest("missing input "
                    + String.join(", ", missing.stream().sorted().toList()));
        }
    }

    private static OnnxTensor toOnnx(Tensor tensor) throws OrtException {
        ByteBuffer data = ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        data.put(tensor.data().duplicate()).flip();
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), data, tensor.shape(), type(tensor.datatype()));
    }

    private static OnnxJavaType type(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
        };
    }

    private Map<String, Tensor> outputs(OrtSession.Result result) {
        Map<String, Datatype> datatypes = new HashMap<>();
        outputs.forEach(spec -> datatypes.put(spec.name(), spec.datatype()));
        Map<String, Tensor> tensors = new HashMap<>();
        for (Map.Entry<String, OnnxValue> entry : result) {
            OnnxTensor tensor = (OnnxTensor) entry.getValue();
            // A view of native memory that is freed with the result: copied.
            ByteBuffer view = tensor.getByteBuffer();
            ByteBuffer copy = ByteBuffer.allocate(view.remaining()).put(view).flip();
            String name = entry.getKey();
            Datatype datatype = datatypes.get(name);
            if (datatype == null) {
                throw new IllegalStateException("onnxruntime returned an output that it did not announce: " + name);
            }
            tensors.put(name, new Tensor(name, datatype, tensor.getInfo().getShape(), copy));
        }
        return tensors;
    }

    /**
     * Takes a share.
     *
     * @return false if the model has been closed; ask for it again
     */
    synchronized boolean acquire() {
        if (shares == 0) {
            return false;
        }
        shares++;
        return true;
    }

    /** Gives a share back; the last one closes the native session. */
    synchronized void release() {
        if (shares == 0) {
            throw new IllegalStateException("model " + id + " is released more often than acquired");
        }
        shares--;
        if (shares == 0) {
            closeSession();
        }
    }

    private void closeSession() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("onnxruntime cannot close model " + id, e);
        }
    }
}
