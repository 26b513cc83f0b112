package dev.tidewheel.modelserver.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MalformedRequestTest {

    private static final String VALID = """
            {"id":"r1","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2.5,null,-4e3]},\
            {"name":"b","shape":[1],"datatype":"INT16","parameters":{"binary_data_size":2}}],\
            "outputs":[{"name":"p","parameters":{"binary_data":true}}],"parameters":{"binary_data_output":false}}""";

    /** Bodies beside what the caller is told; {@code '} stands for a quotation mark. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `` | the body must be a JSON object
            [1] | the body must be a JSON object
            {'inputs': | the body is not JSON: Unexpected end-of-input
            {'inputs': [], 'inputs': []} | the body is not JSON: Duplicate field 'inputs'
            {} {} | the body is not JSON
            {} | 'inputs' must be an array of at least one tensor
            {'inputs': []} | 'inputs' must be an array of at least one tensor
            {'inputs': {}} | 'inputs' must be an array of at least one tensor
            {'inputs': [7]} | inputs[0] has no 'name'
            {'inputs': [{'name': 7}]} | inputs[0] has no 'name'
            {'id': 7, 'inputs': [{'name': 'x', 'shape': [1], 'datatype': 'FP32', 'data': [1]}]} | 'id' must be a string
            {'inputs': [{'name': 'x'}]} | input 'x' has no 'datatype'
            {'inputs': [{'name': 'x', 'datatype': 'FOO'}]} | input 'x' has datatype 'FOO'; this server takes BOOL, UINT8
            {'inputs': [{'name': 'x', 'datatype': 'BYTES'}]} | input 'x' has datatype 'BYTES'; this server takes BOOL
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'data': [1]}]} | input 'x' needs a 'shape'
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [0, 3], 'data': []}]} | has the size 0 in its shape
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [-1], 'data': [1]}]} | has the size -1 in its shape
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1.5], 'data': [1]}]} | has the size 1.5 in its shape
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [2147483648], 'data': [1]}]} | has the size 2147483648
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [2147483647, 2147483647, 99], 'data': [1]}]} | has a shape too large
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [2147483647], 'data': [1]}]} | has 1 elements, its shape [2147483647] takes 2147483647
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [3], 'data': [1, 2]}]} | has 2 elements, its shape [3] takes 3
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [2, 2], 'data': [[1, 2], [3]]}]} | is nested differently from its shape [2, 2]
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1, 2], 'data': [[[1], 2]]}]} | is nested differently from its shape [1, 2]
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [2], 'data': [1, []]}]} | has the element [] at index 1
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': 'abc'}]} | has 'data' that is not an array
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': ['1']}]} | has the element '1' at index 0, which is not a number that fits into FP32, or null for NaN
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1e39]}]} | has the element 1.0E39 at index 0
            {'inputs': [{'name': 'x', 'datatype': 'FP64', 'shape': [1], 'data': [1e999]}]} | at index 0, which is not a number that fits into FP64
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [NaN]}]} | the body is not JSON: Non-standard token 'NaN'
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [true]}]} | has the element true at index 0
            {'inputs': [{'name': 'x', 'datatype': 'INT64', 'shape': [2], 'data': [1, 1.5]}]} | has the element 1.5 at index 1, which is not a whole number that fits into INT64
            {'inputs': [{'name': 'x', 'datatype': 'INT64', 'shape': [1], 'data': [null]}]} | has the element null at index 0
            {'inputs': [{'name': 'x', 'datatype': 'INT64', 'shape': [1], 'data': [9223372036854775808]}]} | has the element 9223372036854775808 at index 0
            {'inputs': [{'name': 'x', 'datatype': 'UINT8', 'shape': [1], 'data': [256]}]} | which is not a whole number that fits into UINT8
            {'inputs': [{'name': 'x', 'datatype': 'BOOL', 'shape': [1], 'data': [1]}]} | which is not true or false
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1]}]} | must have either 'data' or the parameter 'binary_data_size', and has neither
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1], 'parameters': {'binary_data_size': 4}}]} | and has both
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'parameters': {'binary_data_size': 8}}]} | has binary_data_size 8, its shape and datatype take 4
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'parameters': {'binary_data_size': 4}}]} | takes 4 binary bytes, but only 0 are left behind the JSON
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1]}, {'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1]}]} | input 'x' is given twice
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1]}], 'outputs': 7} | 'outputs' must be an array
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1]}], 'outputs': [{}]} | outputs[0] has no 'name'
            {'inputs': [{'name': 'x', 'datatype': 'FP32', 'shape': [1], 'data': [1]}], 'parameters': {'binary_data_output': 1}} | the parameter 'binary_data_output' must be true or false
            """)
    void is_refused_with_a_sentence(String body, String reason) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> RequestDecoder.decode(bytes, null))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.status()).isEqualTo(400))
                .extracting(e -> String.valueOf(e.getMessage()).replace('"', '\''))
                .asString()
                .contains(reason);
    }

    @Test
    void deep_nesting_is_refused() {
        String body = "{\"inputs\": " + "[".repeat(100_000);
        assertThatThrownBy(() -> RequestDecoder.decode(body.getBytes(StandardCharsets.UTF_8), null))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void the_json_length_must_lie_in_the_body() {
        assertThatThrownBy(() -> RequestDecoder.decode(new byte[10], 11))
                .hasMessage("Inference-Header-Content-Length is 11, but the body has 10 bytes");
        assertThatThrownBy(() -> RequestDecoder.decode(new byte[10], -1)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void bytes_that_belong_to_no_input_are_refused() {
        byte[] json = """
                {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [1]}]}""".getBytes(StandardCharsets.UTF_8);
        byte[] body = ByteBuffer.allocate(json.length + 3).put(json).array();
        assertThatThrownBy(() -> RequestDecoder.decode(body, json.length))
                .hasMessage("3 bytes behind the JSON belong to no input");
    }

    @Test
    void the_valid_request_is_read() throws ProtocolException {
        byte[] json = VALID.getBytes(StandardCharsets.UTF_8);
        byte[] body = ByteBuffer.allocate(json.length + 2)
                .put(json)
                .put((byte) 1)
                .put((byte) 2)
                .array();
        InferRequest request = RequestDecoder.decode(body, json.length);
        assertThat(request.id()).isEqualTo("r1");
        assertThat(request.rows()).isEqualTo(2);
        Tensor x = request.inputs().get(0);
        assertThat(x.data().getFloat(0)).isEqualTo(1);
        assertThat(x.data().getFloat(4)).isEqualTo(2.5f);
        assertThat(x.data().getFloat(8)).isNaN();
        assertThat(x.data().getFloat(12)).isEqualTo(-4000);
        assertThat(request.inputs().get(1).data().getShort(0)).isEqualTo((short) 0x0201);
        assertThat(request.outputs()).containsExactly(new InferRequest.WantedOutput("p", true));
    }

    /** Whatever is sent: a request or a sentence, never another exception. */
    @Test
    void a_damaged_request_is_read_or_refused() throws ProtocolException {
        byte[] json = VALID.getBytes(StandardCharsets.UTF_8);
        byte[] valid = ByteBuffer.allocate(json.length + 2).put(json).array();
        long seed = 20_010_201;
        Random random = new Random(seed);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = valid.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                byte[] alphabet = "{}[]\",:0123456789eE-.+ntfx\\ \u0000\u00ff".getBytes(StandardCharsets.ISO_8859_1);
                damaged[random.nextInt(damaged.length)] = alphabet[random.nextInt(alphabet.length)];
            }
            try {
                RequestDecoder.decode(damaged, json.length);
                read++;
            } catch (ProtocolException e) {
                assertThat(e.status()).isEqualTo(400);
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "seed " + seed + ", step " + i + ": " + new String(damaged, StandardCharsets.ISO_8859_1), e);
            }
        }
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }
}
