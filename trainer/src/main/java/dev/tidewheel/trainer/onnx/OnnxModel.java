package dev.tidewheel.trainer.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tidewheel.trainer.logistic.Examples;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/** A model as it will be served: the bytes of its artifact, computed by onnxruntime. For one thread. */
public final class OnnxModel implements AutoCloseable {

    private static final int BATCH = 4_096;

    private final OrtSession session;

    private OnnxModel(OrtSession session) {
        this.session = session;
    }

    /**
     * Loads an artifact.
     *
     * @throws IllegalArgumentException if onnxruntime cannot load it
     */
    public static OnnxModel load(byte[] onnx) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return new OnnxModel(OrtEnvironment.getEnvironment().createSession(onnx, options));
        } catch (OrtException e) {
            throw new IllegalArgumentException("onnxruntime cannot load the model: " + e.getMessage(), e);
        }
    }

    /** The probability of a true label for every row. */
    public double[] predict(Examples examples) {
        double[] predictions = new double[examples.rows()];
        for (int from = 0; from < predictions.length; from += BATCH) {
            predict(examples, from, Math.min(BATCH, predictions.length - from), predictions);
        }
        return predictions;
    }

    private void predict(Examples examples, int from, int rows, double[] predictions) {
        int inputs = examples.inputs().size();
        float[] batch = new float[rows * inputs];
        for (int row = 0; row < rows; row++) {
            examples.copyRow(from + row, batch, row * inputs);
        }
        FloatBuffer buffer = ByteBuffer.allocateDirect(batch.length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(batch)
                .flip();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, new long[] {rows, inputs});
                OrtSession.Result result =
                        session.run(Map.of(OnnxWriter.FEATURES, tensor), Set.of(OnnxWriter.PROBABILITY))) {
            FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
            for (int row = 0; row < rows; row++) {
                predictions[from + row] = out.get(row);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("onnxruntime failed on " + rows + " rows: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("onnxruntime cannot close the model", e);
        }
    }
}
