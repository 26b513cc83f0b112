package dev.tidewheel.modelserver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidewheel.modelserver.model.ModelFolder;
import dev.tidewheel.modelserver.model.ModelId;
import dev.tidewheel.modelserver.model.ModelStore;
import dev.tidewheel.modelserver.model.RefusedModelException;
import dev.tidewheel.modelserver.protocol.InferRequest;
import dev.tidewheel.modelserver.protocol.InferRequest.WantedOutput;
import dev.tidewheel.modelserver.protocol.ProtocolException;
import dev.tidewheel.modelserver.protocol.RequestDecoder;
import dev.tidewheel.modelserver.protocol.ResponseEncoder;
import dev.tidewheel.modelserver.protocol.ResponseEncoder.Output;
import dev.tidewheel.modelserver.protocol.Tensor;
import dev.tidewheel.modelserver.protocol.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers what is asked of models. Blocks, so it runs on workers; safe for use by many threads. */
final class Inference {

    private final ModelFolder folder;
    private final ModelStore store;
    private final ServerMetrics metrics;

    Inference(ModelFolder folder, ModelStore store, ServerMetrics metrics) {
        this.folder = folder;
        this.store = store;
        this.metrics = metrics;
    }

    /** Finds the version that is meant; null means the newest. */
    ModelId resolve(String model, @Nullable String version) throws ProtocolException {
        try {
            return (version == null ? folder.newest(model) : folder.find(model, version))
                    .orElseThrow(() -> missing(model, version));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model registry", e);
        }
    }

    private static ProtocolException missing(String model, @Nullable String version) {
        return ProtocolException.notFound(
                version == null
                        ? "Model with name " + model + " does not exist."
                        : "Model with name " + model + " and version " + version + " does not exist.");
    }

    Answer infer(ModelId id, byte[] body, @Nullable Integer jsonBytes) throws ProtocolException {
        InferRequest request = RequestDecoder.decode(body, jsonBytes);
        try (ModelStore.Lease lease = lease(id)) {
            List<WantedOutput> wanted = request.wanted(lease.model().outputs());
            Set<String> names = new LinkedHashSet<>();
            wanted.forEach(output -> names.add(output.name()));
            Map<String, Tensor> computed = lease.model().run(request.inputs(), names);
            metrics.computed(id, request.rows());
            return Answer.ok(ResponseEncoder.encode(id.model(), id.version(), request.id(), outputs(wanted, computed)));
        }
    }

    private static List<Output> outputs(List<WantedOutput> wanted, Map<String, Tensor> computed) {
        List<Output> outputs = new ArrayList<>(wanted.size());
        for (WantedOutput output : wanted) {
            Tensor tensor = computed.get(output.name());
            if (tensor == null) {
                throw new IllegalStateException("onnxruntime did not return the output " + output.name());
            }
            outputs.add(new Output(tensor, output.binary()));
        }
        return outputs;
    }

    Answer ready(ModelId id) throws ProtocolException {
        try (ModelStore.Lease lease = lease(id)) {
            return Answer.json(
                    200, Answer.object().put("name", lease.model().id().model()).put("ready", true));
        }
    }

    Answer metadata(ModelId id) throws ProtocolException {
        ObjectNode body = Answer.object().put("name", id.model());
        ArrayNode versions = body.putArray("versions");
        try {
            folder.versions(id.model()).forEach(versions::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model registry", e);
        }
        body.put("platform", "onnx_onnxv1");
        try (ModelStore.Lease lease = lease(id)) {
            describe(body.putArray("inputs"), lease.model().inputs());
            describe(body.putArray("outputs"), lease.model().outputs());
            body.putObject("parameters")
                    .put("version", id.version())
                    .put("artifact_digest", lease.model().digest());
        }
        return Answer.json(200, body);
    }

    private static void describe(ArrayNode array, List<TensorSpec> specs) {
        for (TensorSpec spec : specs) {
            ObjectNode node = array.addObject()
                    .put("name", spec.name())
                    .put("datatype", spec.datatype().name());
            ArrayNode shape = node.putArray("shape");
            for (long size : spec.shape()) {
                shape.add(size);
            }
        }
    }

    private ModelStore.Lease lease(ModelId id) throws ProtocolException {
        try {
            return store.lease(id);
        } catch (RefusedModelException e) {
            throw ProtocolException.unavailable(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProtocolException.unavailable("the server is stopping; ask another one");
        }
    }
}
