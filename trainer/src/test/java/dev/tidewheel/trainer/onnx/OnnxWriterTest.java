package dev.tidewheel.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tidewheel.trainer.logistic.Examples;
import dev.tidewheel.trainer.logistic.LogisticModel;
import dev.tidewheel.trainer.logistic.LogisticModel.Term;
import dev.tidewheel.trainer.logistic.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OnnxWriterTest {

    @Test
    void onnxruntime_predicts_what_the_model_predicts() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int inputs = 1 + random.nextInt(40);
            LogisticModel model = model(random, inputs);
            Examples examples = rows(random, inputs, 1 + random.nextInt(5_000));
            double[] expected = model.predict(examples);
            try (OnnxModel onnx = OnnxModel.load(OnnxWriter.write(model))) {
                double[] predictions = onnx.predict(examples);
                for (int row = 0; row < expected.length; row++) {
                    assertThat(predictions[row])
                            .as("seed %d, row %d", seed, row)
                            .isCloseTo(expected[row], within(1e-7));
                }
            }
        }
    }

    @Test
    void equal_models_give_equal_bytes() {
        assertThat(OnnxWriter.write(model(new Random(5), 7))).isEqualTo(OnnxWriter.write(model(new Random(5), 7)));
        assertThat(OnnxWriter.write(model(new Random(5), 7))).isNotEqualTo(OnnxWriter.write(model(new Random(6), 7)));
    }

    @Test
    void takes_features_and_gives_a_probability() throws Exception {
        byte[] bytes = OnnxWriter.write(model(new Random(5), 7));
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(bytes)) {
            assertThat(session.getInputInfo().values())
                    .extracting(OnnxWriterTest::describe)
                    .containsExactly("features FLOAT [-1, 7]");
            assertThat(session.getOutputInfo().values())
                    .extracting(OnnxWriterTest::describe)
                    .containsExactly("probability FLOAT [-1, 1]");
        }
    }

    @Test
    void what_is_no_model_is_refused() {
        assertThatThrownBy(() -> OnnxModel.load(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("onnxruntime cannot load the model");
    }

    private static String describe(NodeInfo node) {
        TensorInfo tensor = (TensorInfo) node.getInfo();
        return node.getName() + " " + tensor.type + " " + Arrays.toString(tensor.getShape());
    }

    private static LogisticModel model(Random random, int inputs) {
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            terms.add(new Term(
                    "x" + i,
                    new Scaling(100 * random.nextGaussian(), 0.01 + 50 * random.nextDouble()),
                    random.nextGaussian(),
                    random.nextGaussian()));
        }
        return new LogisticModel(terms, random.nextGaussian());
    }

    private static Examples rows(Random random, int inputs, int rows) {
        float[][] columns = new float[inputs][rows];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            names.add("x" + i);
            for (int row = 0; row < rows; row++) {
                columns[i][row] = random.nextInt(5) == 0 ? Float.NaN : (float) (100 * random.nextGaussian());
            }
        }
        return new Examples(names, columns, new boolean[rows]);
    }
}
