package dev.tidewheel.trainer.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.tidewheel.trainer.logistic.LogisticModel;
import dev.tidewheel.trainer.logistic.LogisticModel.Term;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Writes a model as an ONNX graph that takes raw columns: one input {@code features}, FP32 [-1, C] with NaN for null, and
 * one output {@code probability}, FP32 [-1, 1]. Imputation, null indicators and scaling are nodes of the graph, so that
 * nothing about them has to be known, or can be got wrong, where the model is served. Inside, it computes in double.
 *
 * <p>Equal models give equal bytes.
 */
public final class OnnxWriter {

    /** Name of the input tensor. */
    public static final String FEATURES = "features";

    /** Name of the output tensor. */
    public static final String PROBABILITY = "probability";

    private static final int IR_VERSION = 8;
    private static final int OPSET = 13;

    private OnnxWriter() {}

    /** The bytes of {@code model.onnx}. */
    public static byte[] write(LogisticModel model) {
        int inputs = model.terms().size();
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("logistic_regression")
                .addInput(value(FEATURES, inputs))
                .addOutput(value(PROBABILITY, 1))
                .addInitializer(
                        row("mean", model.terms(), term -> term.scaling().mean()))
                .addInitializer(
                        row("deviation", model.terms(), term -> term.scaling().deviation()))
                .addInitializer(weights(model.terms()))
                .addInitializer(tensor("bias", new double[] {model.bias()}, 1));
        graph.addNode(node("IsNaN", "is_null", FEATURES))
                .addNode(cast("wide", FEATURES, TensorProto.DataType.DOUBLE))
                .addNode(node("Where", "imputed", "is_null", "mean", "wide"))
                .addNode(node("Sub", "centred", "imputed", "mean"))
                .addNode(node("Div", "scaled", "centred", "deviation"))
                .addNode(cast("indicators", "is_null", TensorProto.DataType.DOUBLE))
                .addNode(concat("columns", "scaled", "indicators"))
                .addNode(node("MatMul", "product", "columns", "weights"))
                .addNode(node("Add", "margin", "product", "bias"))
                .addNode(node("Sigmoid", "wide_probability", "margin"))
                .addNode(cast(PROBABILITY, "wide_probability", TensorProto.DataType.FLOAT));
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("tidewheel")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto value(String name, int columns) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("rows"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }

    private static TensorProto row(String name, List<Term> terms, ToDoubleFunction<Term> value) {
        return tensor(name, terms.stream().mapToDouble(value).toArray(), 1, terms.size());
    }

    private static TensorProto weights(List<Term> terms) {
        double[] values = new double[2 * terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            values[i] = terms.get(i).weight();
            values[terms.size() + i] = terms.get(i).nullWeight();
        }
        return tensor("weights", values, values.length, 1);
    }

    private static TensorProto tensor(String name, double[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.DOUBLE.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        for (long size : shape) {
            tensor.addDims(size);
        }
        return tensor.build();
    }

    private static NodeProto.Builder node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    private static NodeProto.Builder cast(String output, String input, TensorProto.DataType to) {
        return node("Cast", output, input).addAttribute(attribute("to", to.getNumber()));
    }

    private static NodeProto.Builder concat(String output, String... inputs) {
        return node("Concat", output, inputs).addAttribute(attribute("axis", 1));
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
