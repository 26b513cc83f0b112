package dev.tidewheel.modelserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidewheel.modelserver.ServerFixture.Reply;
import dev.tidewheel.modelserver.protocol.InferRequest;
import dev.tidewheel.modelserver.protocol.RequestDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that Triton's client sent to KServe and MLServer, and what those answered: read here, and the answers of this
 * server compared with theirs where they follow the protocol. The recordings are not part of the project; the system
 * property or variable {@code TIDEWHEEL_OIP_SAMPLES} names their folder.
 */
class RecordedSamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static Path samples = Path.of("");

    @BeforeAll
    static void find() {
        String folder = System.getenv().getOrDefault("TIDEWHEEL_OIP_SAMPLES", "");
        samples = Path.of(folder);
        assumeTrue(
                !folder.isEmpty() && Files.isDirectory(samples.resolve("kserve")),
                "skipped: TIDEWHEEL_OIP_SAMPLES does not name the folder of the recorded samples");
    }

    @Test
    void binary_and_json_requests_of_a_client_hold_the_same() throws Exception {
        for (String server : List.of("kserve", "mlserver")) {
            byte[] binary = Files.readAllBytes(samples.resolve(server).resolve("triton-http-body-binaryTrue.bin"));
            byte[] json = Files.readAllBytes(samples.resolve(server).resolve("triton-http-body-binaryFalse.bin"));
            InferRequest fromBinary = RequestDecoder.decode(binary, binary.length - 64);
            InferRequest fromJson = RequestDecoder.decode(json, null);
            assertThat(fromBinary.inputs()).isEqualTo(fromJson.inputs());
            assertThat(fromBinary.id()).isEqualTo("r1");
            assertThat(fromBinary.outputs()).allMatch(InferRequest.WantedOutput::binary);
            assertThat(fromJson.outputs()).noneMatch(InferRequest.WantedOutput::binary);
        }
        assertThatThrownBy(() -> RequestDecoder.decode(
                        Files.readAllBytes(samples.resolve("kserve").resolve("triton-http-body-binaryTrue.bin")), null))
                .hasMessageContaining("the body is not JSON");
    }

    @Test
    void answers_have_the_fields_of_the_recorded_ones(@TempDir Path registry) throws Exception {
        TestModels.register(registry, "lin", "1", TestModels.logistic(1, 0));
        try (ServerFixture server = ServerFixture.start(registry)) {
            JsonNode recorded = read("kserve/resp-infer.json");
            JsonNode answer = server.post("/v2/models/lin/infer", """
                    {"id": "r1", "inputs": [{"name": "features", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}],
                     "outputs": [{"name": "probability"}]}""").json();
            // A field that says nothing is left out here, and null there.
            assertThat(fields(recorded)).containsAll(fields(answer));
            assertThat(fields(answer)).contains("model_name", "id", "outputs");
            assertThat(fields(recorded.path("outputs").path(0)))
                    .containsAll(fields(answer.path("outputs").path(0)));
            assertThat(answer.path("id")).isEqualTo(recorded.path("id"));

            same(server.get("/v2/health/live"), "kserve/live.json");
            same(server.get("/v2/health/ready"), "kserve/ready.json");
            same(server.get("/v2/models/lin/ready"), "kserve/model-ready.json");
            same(server.get("/v2/models/nope"), "kserve/model-meta-missing.json");
            same(server.get("/v2/models/nope/ready"), "kserve/model-ready-missing.json");
            assertThat(fields(server.get("/v2/models/lin").json())).containsAll(fields(read("kserve/model-meta.json")));
            assertThat(fields(server.get("/v2").json())).containsAll(fields(read("kserve/server-meta.json")));

            Reply missing = server.post("/v2/models/nope/infer", "{}");
            same(missing, "kserve/resp-missing-model.json");
            assertThat(missing.status()).isEqualTo(404);
        }
    }

    private static void same(Reply reply, String recorded) throws IOException {
        assertThat(reply.text())
                .isEqualTo(Files.readString(samples.resolve(recorded), StandardCharsets.UTF_8)
                        .strip());
    }

    private static JsonNode read(String file) throws IOException {
        return JSON.readTree(samples.resolve(file).toFile());
    }

    private static List<String> fields(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }
}
