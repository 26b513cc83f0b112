package dev.tidewheel.modelserver;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Tiny ONNX models, and their registration. */
public final class TestModels {

    private TestModels() {}

    /** {@code features} FP32 [-1, 2] → {@code probability} FP32 [-1, 1] = sigmoid(x₀ · w₀ + x₁ · w₁). */
    public static byte[] logistic(float w0, float w1) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("logistic")
                .addInput(value("features", TensorProto.DataType.FLOAT, -1, 2))
                .addOutput(value("probability", TensorProto.DataType.FLOAT, -1, 1))
                .addInitializer(TensorProto.newBuilder()
                        .setName("weights")
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addDims(2)
                        .addDims(1)
                        .addFloatData(w0)
                        .addFloatData(w1))
                .addNode(NodeProto.newBuilder()
                        .setOpType("MatMul")
                        .addInput("features")
                        .addInput("weights")
                        .addOutput("margin"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Sigmoid")
                        .addInput("margin")
                        .addOutput("probability"));
        return model(graph);
    }

    /** One input and one output of each type, {@code in_fp32} → {@code out_fp32} and so on, shape [-1]. */
    public static byte[] identities() {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("identities");
        TensorProto.DataType[] types = {
            TensorProto.DataType.BOOL,
            TensorProto.DataType.UINT8,
            TensorProto.DataType.INT8,
            TensorProto.DataType.INT16,
            TensorProto.DataType.INT32,
            TensorProto.DataType.INT64,
            TensorProto.DataType.FLOAT,
            TensorProto.DataType.DOUBLE
        };
        String[] names = {"bool", "uint8", "int8", "int16", "int32", "int64", "fp32", "fp64"};
        for (int i = 0; i < types.length; i++) {
            graph.addInput(value("in_" + names[i], types[i], -1))
                    .addOutput(value("out_" + names[i], types[i], -1))
                    .addNode(NodeProto.newBuilder()
                            .setOpType("Identity")
                            .addInput("in_" + names[i])
                            .addOutput("out_" + names[i]));
        }
        return model(graph);
    }

    /** Registers a version as a trainer does. */
    public static Path register(Path registry, String model, String version, byte[] onnx) throws Exception {
        Path folder = Files.createDirectories(registry.resolve(model).resolve(version));
        Files.write(folder.resolve("model.onnx"), onnx);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(onnx));
        writeManifest(folder, model, version, "sha256:" + digest);
        return folder;
    }

    public static void writeManifest(Path folder, String model, String version, String digest) throws IOException {
        Files.writeString(folder.resolve("model.json"), """
                {"model": "%s", "version": "%s", "artifactDigest": "%s", "service": "departure", "inputs": ["a", "b"]}
                """.formatted(model, version, digest));
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, int... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (int size : shape) {
            TensorShapeProto.Dimension.Builder dim = TensorShapeProto.Dimension.newBuilder();
            dims.addDim(size < 0 ? dim.setDimParam("rows") : dim.setDimValue(size));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(dims)))
                .build();
    }

    private static byte[] model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .setGraph(graph)
                .build()
                .toByteArray();
    }
}
