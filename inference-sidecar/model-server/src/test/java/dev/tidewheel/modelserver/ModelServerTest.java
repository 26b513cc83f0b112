package dev.tidewheel.modelserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidewheel.modelserver.ServerFixture.Reply;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server, asked over HTTP. */
class ModelServerTest {

    private static final String INFER = "/v2/models/late/infer";

    @TempDir
    Path registry;

    private ServerFixture server;

    @BeforeEach
    void start() throws Exception {
        TestModels.register(registry, "late", "1", TestModels.logistic(1, 0));
        TestModels.register(registry, "late", "2", TestModels.logistic(0, 1));
        server = ServerFixture.start(registry);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answers_json_with_json() throws Exception {
        Reply reply = server.post("/v2/models/late/versions/1/infer", """
                {"id": "r1", "inputs": [
                  {"name": "features", "shape": [2, 2], "datatype": "FP32", "data": [0, 5, 2.5, 5]}]}
                """);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.http().headers().firstValue("content-type")).hasValue("application/json");
        assertThat(reply.json().path("model_name").textValue()).isEqualTo("late");
        assertThat(reply.json().path("model_version").textValue()).isEqualTo("1");
        assertThat(reply.json().path("id").textValue()).isEqualTo("r1");
        JsonNode output = reply.json().path("outputs").path(0);
        assertThat(output.path("name").textValue()).isEqualTo("probability");
        assertThat(output.path("datatype").textValue()).isEqualTo("FP32");
        assertThat(output.path("shape").toString()).isEqualTo("[2,1]");
        assertThat(output.path("data").get(0).doubleValue()).isEqualTo(0.5);
        assertThat(output.path("data").get(1).doubleValue()).isCloseTo(sigmoid(2.5), within(1e-6));
    }

    @Test
    void nested_data_is_the_same_as_flat_data() throws Exception {
        String flat = server.post(INFER, infer("[2, 2]", "[1, 2, 3, 4]")).text();
        assertThat(server.post(INFER, infer("[2, 2]", "[[1, 2], [3, 4]]")).text())
                .isEqualTo(flat)
                .contains("\"data\":[");
    }

    @Test
    void null_is_nan_and_nan_is_null() throws Exception {
        Reply reply = server.post("/v2/models/late/versions/1/infer", infer("[2, 2]", "[null, 0, 1, 0]"));
        JsonNode data = reply.json().path("outputs").path(0).path("data");
        assertThat(data.get(0).isNull()).isTrue();
        assertThat(data.get(1).doubleValue()).isCloseTo(sigmoid(1), within(1e-6));
    }

    @Test
    void binary_tensors_go_in_and_out() throws Exception {
        Random random = new Random(7);
        ByteBuffer tensor = ByteBuffer.allocate(3 * 2 * 4).order(ByteOrder.LITTLE_ENDIAN);
        float[] first = new float[3];
        for (int row = 0; row < 3; row++) {
            first[row] = (float) random.nextGaussian();
            tensor.putFloat(first[row]).putFloat(9);
        }
        Reply reply = binary("{\"name\": \"probability\", \"parameters\": {\"binary_data\": true}}", tensor.array());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.http().headers().firstValue("content-type")).hasValue("application/octet-stream");
        int jsonBytes = Integer.parseInt(reply.http()
                .headers()
                .firstValue("Inference-Header-Content-Length")
                .orElseThrow());
        String json = new String(reply.body(), 0, jsonBytes, StandardCharsets.UTF_8);
        assertThat(json).contains("\"parameters\":{\"binary_data_size\":12}").doesNotContain("\"data\"");
        ByteBuffer out = ByteBuffer.wrap(reply.body(), jsonBytes, 12).order(ByteOrder.LITTLE_ENDIAN);
        for (float x : first) {
            assertThat((double) out.getFloat()).isCloseTo(sigmoid(x), within(1e-6));
        }
        assertThat(reply.body()).hasSize(jsonBytes + 12);
    }

    @Test
    void binary_in_can_be_json_out() throws Exception {
        ByteBuffer tensor = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        Reply reply = binary("{\"name\": \"probability\"}", tensor.array());
        assertThat(reply.json().path("outputs").path(0).path("data").toString()).isEqualTo("[0.5]");
    }

    private Reply binary(String output, byte[] tensor) throws Exception {
        byte[] json = ("{\"inputs\": [{\"name\": \"features\", \"shape\": [" + tensor.length / 8
                        + ", 2], \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": " + tensor.length
                        + "}}], \"outputs\": [" + output + "]}")
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json);
        body.writeBytes(tensor);
        return server.post("/v2/models/late/versions/1/infer", body.toByteArray(), json.length);
    }

    @Test
    void every_type_goes_through() throws Exception {
        TestModels.register(registry, "identities", "1", TestModels.identities());
        Reply reply = server.post("/v2/models/identities/infer", """
                {"inputs": [
                  {"name": "in_bool", "shape": [2], "datatype": "BOOL", "data": [true, false]},
                  {"name": "in_uint8", "shape": [2], "datatype": "UINT8", "data": [0, 255]},
                  {"name": "in_int8", "shape": [2], "datatype": "INT8", "data": [-128, 127]},
                  {"name": "in_int16", "shape": [2], "datatype": "INT16", "data": [-32768, 32767]},
                  {"name": "in_int32", "shape": [2], "datatype": "INT32", "data": [-2147483648, 2147483647]},
                  {"name": "in_int64", "shape": [2], "datatype": "INT64", "data": [-9223372036854775808, 9223372036854775807]},
                  {"name": "in_fp32", "shape": [2], "datatype": "FP32", "data": [0.1, null]},
                  {"name": "in_fp64", "shape": [2], "datatype": "FP64", "data": [0.1, -1.5e300]}]}
                """);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        List<String> data = new ArrayList<>();
        reply.json()
                .path("outputs")
                .forEach(output -> data.add(output.path("data").toString()));
        assertThat(data)
                .containsExactly(
                        "[true,false]",
                        "[0,255]",
                        "[-128,127]",
                        "[-32768,32767]",
                        "[-2147483648,2147483647]",
                        "[-9223372036854775808,9223372036854775807]",
                        "[0.1,null]",
                        "[0.1,-1.5E300]");
    }

    @Test
    void outputs_are_those_wanted() throws Exception {
        TestModels.register(registry, "identities", "1", TestModels.identities());
        Reply unknown = server.post(INFER, """
                {"inputs": [{"name": "features", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}],
                 "outputs": [{"name": "label"}]}
                """);
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.error()).isEqualTo("the model has no output 'label'; it has probability");
    }

    @Test
    void without_a_version_the_newest_answers() throws Exception {
        assertThat(server.post(INFER, infer("[1, 2]", "[0, 0]"))
                        .json()
                        .path("model_version")
                        .textValue())
                .isEqualTo("2");
    }

    @Test
    void a_version_registered_while_running_is_served() throws Exception {
        TestModels.register(registry, "late", "10", TestModels.logistic(0, 0));
        assertThat(server.post("/v2/models/late/versions/10/infer", infer("[1, 2]", "[3, 4]"))
                        .status())
                .as("asked for by name: at once")
                .isEqualTo(200);
        eventually(() -> {
            JsonNode versions = server.get("/v2/models/late").json().path("versions");
            return versions.toString().equals("[\"1\",\"2\",\"10\"]");
        });
        assertThat(server.post(INFER, infer("[1, 2]", "[0, 0]"))
                        .json()
                        .path("model_version")
                        .textValue())
                .isEqualTo("10");
    }

    @Test
    void a_version_is_ready_once_registered_and_unloaded_once_removed() throws Exception {
        String ready = "/v2/models/late/versions/weekly-1/ready";
        assertThat(server.get(ready).status()).isEqualTo(404);
        Path folder = TestModels.register(registry, "late", "weekly-1", TestModels.logistic(0, 0));
        assertThat(server.get(ready).status()).as("at once").isEqualTo(200);
        assertThat(loaded()).isEqualTo(1);
        Files.delete(folder.resolve("model.json"));
        assertThat(server.get(ready).status()).isEqualTo(404);
        eventually(() -> loaded() == 0);
    }

    private double loaded() {
        return server.metrics.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals("tidewheel_model_loaded_versions"))
                .flatMap(snapshot -> ((GaugeSnapshot) snapshot).getDataPoints().stream())
                .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                .sum();
    }

    @Test
    void describes_itself_and_its_models() throws Exception {
        Reply about = server.get("/v2");
        assertThat(about.json().path("name").textValue()).isEqualTo("tidewheel-model-server");
        assertThat(about.json().path("extensions").toString()).isEqualTo("[\"binary_tensor_data\"]");

        JsonNode model = server.get("/v2/models/late/versions/1").json();
        assertThat(model.path("name").textValue()).isEqualTo("late");
        assertThat(model.path("versions").toString()).isEqualTo("[\"1\",\"2\"]");
        assertThat(model.path("platform").textValue()).isEqualTo("onnx_onnxv1");
        assertThat(model.path("inputs").toString())
                .isEqualTo("[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]");
        assertThat(model.path("outputs").toString())
                .isEqualTo("[{\"name\":\"probability\",\"datatype\":\"FP32\",\"shape\":[-1,1]}]");
        assertThat(model.path("parameters").path("artifact_digest").textValue()).startsWith("sha256:");
    }

    @Test
    void tells_its_health_and_that_of_its_models() throws Exception {
        assertThat(server.get("/v2/health/live").text()).isEqualTo("{\"live\":true}");
        assertThat(server.get("/v2/health/ready").text()).isEqualTo("{\"ready\":true}");
        assertThat(server.get("/v2/models/late/ready").text()).isEqualTo("{\"name\":\"late\",\"ready\":true}");
        assertThat(server.get("/v2/models/late/versions/2/ready").status()).isEqualTo(200);
        assertThat(server.get("/v2/models/late/versions/3/ready").status()).isEqualTo(404);
        Reply missing = server.get("/v2/models/nope/ready");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.error()).isEqualTo("Model with name nope does not exist.");
    }

    @Test
    void is_not_ready_without_its_registry(@TempDir Path other) throws Exception {
        try (ServerFixture lost = ServerFixture.start(other.resolve("missing"))) {
            Reply reply = lost.get("/v2/health/ready");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.error()).contains("cannot read the model registry").contains("missing");
            assertThat(lost.get("/v2/health/live").status()).isEqualTo(200);

            Files.createDirectory(other.resolve("missing"));
            eventually(() -> lost.get("/v2/health/ready").status() == 200);
        }
    }

    @Test
    void refuses_an_artifact_that_is_not_the_registered_one() throws Exception {
        Path folder = TestModels.register(registry, "late", "3", TestModels.logistic(1, 1));
        Files.write(folder.resolve("model.onnx"), TestModels.logistic(2, 2));
        for (Reply reply : List.of(
                server.post("/v2/models/late/versions/3/infer", infer("[1, 2]", "[0, 0]")),
                server.get("/v2/models/late/versions/3/ready"))) {
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.error())
                    .startsWith("model late/3 is refused: model.onnx has the digest sha256:")
                    .contains("was registered");
        }
        Files.write(folder.resolve("model.onnx"), TestModels.logistic(1, 1), StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(server.get("/v2/models/late/versions/3/ready").status())
                .as("repaired")
                .isEqualTo(200);
    }

    @Test
    void refuses_what_onnxruntime_cannot_load() throws Exception {
        TestModels.register(registry, "late", "3", "not a model".getBytes(StandardCharsets.US_ASCII));
        Reply reply = server.get("/v2/models/late/versions/3/ready");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.error()).startsWith("model late/3 is refused: onnxruntime cannot load it");
    }

    @Test
    void refuses_a_manifest_of_another_version() throws Exception {
        Path folder = TestModels.register(registry, "late", "3", TestModels.logistic(1, 1));
        TestModels.writeManifest(folder, "late", "4", "sha256:00");
        assertThat(server.get("/v2/models/late/versions/3/ready").error())
                .isEqualTo("model late/3 is refused: its model.json is that of late/4");
    }

    @Test
    void names_do_not_lead_out_of_the_registry() throws Exception {
        Path outside = registry.resolveSibling("outside");
        TestModels.register(registry.getParent(), "outside", "1", TestModels.logistic(1, 1));
        try {
            for (String path : List.of(
                    "/v2/models/..%2Foutside/versions/1/ready",
                    "/v2/models/%2e%2e/versions/outside/ready",
                    "/v2/models/late/versions/..%2F..%2Foutside%2F1/ready")) {
                assertThat(server.get(path).status()).as(path).isEqualTo(404);
            }
        } finally {
            Files.delete(outside.resolve("1").resolve("model.onnx"));
            Files.delete(outside.resolve("1").resolve("model.json"));
            Files.delete(outside.resolve("1"));
            Files.delete(outside);
        }
    }

    @Test
    void refuses_other_paths_and_methods() throws Exception {
        for (String path : List.of(
                "/",
                "/v1/models/late",
                "/v2/models",
                "/v2/models/late/nope",
                "/v2/health",
                "/v2/models/late/versions",
                "/v2/models/late/versions/1/infer/x")) {
            Reply reply = server.get(path);
            assertThat(reply.status()).as(path).isEqualTo(404);
            assertThat(reply.error()).startsWith("there is no " + path);
        }
        Reply get = server.get(INFER);
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.http().headers().firstValue("allow")).hasValue("POST");
        assertThat(server.post("/v2", "{}").status()).isEqualTo(405);
    }

    @Test
    void refuses_a_body_too_large_and_goes_on() throws Exception {
        Reply reply = server.post(INFER, infer("[1, 2]", "[0" + " ".repeat(70_000) + ", 0]"));
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.error()).contains("larger than 65536 bytes");
        assertThat(server.post(INFER, infer("[1, 2]", "[0, 0]")).status()).isEqualTo(200);
    }

    @Test
    void lets_a_caller_go_on_who_asks_first() throws Exception {
        Reply reply = server.send(server.request(INFER)
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString(infer("[1, 2]", "[0, 0]"))));
        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void refuses_compressed_bodies() throws Exception {
        Reply reply = server.send(server.request(INFER)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(reply.status()).isEqualTo(415);
    }

    @Test
    void concurrent_callers_get_their_own_answers() throws Exception {
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            long seed = 40 + caller;
            callers.add(CompletableFuture.runAsync(() -> ask(seed)));
        }
        CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    private void ask(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            // More versions than may be loaded, so that they are dropped and loaded again under load.
            int version = 1 + random.nextInt(3);
            float x = (float) random.nextGaussian();
            try {
                if (version == 3) {
                    registerOnce();
                }
                Reply reply = server.post(
                        "/v2/models/late/versions/" + version + "/infer", infer("[1, 2]", "[" + x + ", 0]"));
                assertThat(reply.status()).as("seed %d: %s", seed, reply.text()).isEqualTo(200);
                assertThat(reply.json()
                                .path("outputs")
                                .path(0)
                                .path("data")
                                .path(0)
                                .doubleValue())
                        .as("seed %d, step %d, version %d", seed, i, version)
                        .isCloseTo(version == 2 ? 0.5 : sigmoid(version == 1 ? x : 2 * x), within(1e-6));
            } catch (Exception e) {
                throw new AssertionError("seed " + seed + ", step " + i, e);
            }
        }
    }

    private synchronized void registerOnce() throws Exception {
        if (Files.exists(registry.resolve("late").resolve("3"))) {
            return;
        }
        Path prepared = TestModels.register(registry.resolve(".preparing"), "late", "3", TestModels.logistic(2, 0));
        Files.move(prepared, registry.resolve("late").resolve("3"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void counts_what_it_answers() throws Exception {
        server.post(INFER, infer("[1, 2]", "[0, 0]"));
        server.post(INFER, "{");
        server.post("/v2/models/made-up-by-a-caller/infer", infer("[1, 2]", "[0, 0]"));
        assertThat(count("late", "200")).isEqualTo(1);
        assertThat(count("late", "400")).isEqualTo(1);
        assertThat(count("unknown", "404")).isEqualTo(1);
    }

    private double count(String model, String status) {
        return server.metrics.scrape().stream()
                .filter(CounterSnapshot.class::isInstance)
                .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                .filter(point -> model.equals(point.getLabels().get("model"))
                        && status.equals(point.getLabels().get("status")))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    static String infer(String shape, String data) {
        return "{\"inputs\": [{\"name\": \"features\", \"shape\": " + shape + ", \"datatype\": \"FP32\", \"data\": "
                + data + "}]}";
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void eventually(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("did not happen within 20 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
