package dev.tidewheel.modelserver.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of an inference response: JSON, and behind it the bytes of the outputs that are wanted in binary. In
 * JSON a NaN or an infinity becomes {@code null}. Safe for use by many threads.
 */
public final class ResponseEncoder {

    private static final JsonFactory JSON = new JsonFactory();

    private ResponseEncoder() {}

    /**
     * An output to write.
     *
     * @param binary whether its elements stand behind the JSON instead of in it
     */
    public record Output(Tensor tensor, boolean binary) {}

    /**
     * An encoded body.
     *
     * @param jsonBytes length of the JSON part; less than the body's if binary tensors follow
     */
    public record Body(byte[] bytes, int jsonBytes) {
        /** Whether binary tensors follow the JSON, so that its length must be sent as a header. */
        public boolean binary() {
            return jsonBytes < bytes.length;
        }
    }

    /** Encodes a response. */
    public static Body encode(String model, String version, @Nullable String id, List<Output> outputs) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                json.writeStringField("model_name", model);
                json.writeStringField("model_version", version);
                if (id != null) {
                    json.writeStringField("id", id);
                }
                json.writeArrayFieldStart("outputs");
                for (Output output : outputs) {
                    write(json, output);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            int jsonBytes = bytes.size();
            for (Output output : outputs) {
                if (output.binary()) {
                    append(bytes, output.tensor().data());
                }
            }
            return new Body(bytes.toByteArray(), jsonBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    private static void append(ByteArrayOutputStream bytes, ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.duplicate().get(copy);
        bytes.writeBytes(copy);
    }

    private static void write(JsonGenerator json, Output output) throws IOException {
        Tensor tensor = output.tensor();
        json.writeStartObject();
        json.writeStringField("name", tensor.name());
        json.writeStringField("datatype", tensor.datatype().name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        if (output.binary()) {
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", tensor.data().remaining());
            json.writeEndObject();
        } else {
            json.writeArrayFieldStart("data");
            for (int i = 0; i < tensor.elements(); i++) {
                element(json, tensor, i);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void element(JsonGenerator json, Tensor tensor, int index) throws IOException {
        ByteBuffer data = tensor.data();
        int at = index * tensor.datatype().bytes();
        switch (tensor.datatype()) {
            case FP32 -> fp32(json, data.getFloat(at));
            case FP64 -> fp64(json, data.getDouble(at));
            case BOOL -> json.writeBoolean(data.get(at) != 0);
            case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get(at)));
            case INT8 -> json.writeNumber(data.get(at));
            case INT16 -> json.writeNumber(data.getShort(at));
            case INT32 -> json.writeNumber(data.getInt(at));
            case INT64 -> json.writeNumber(data.getLong(at));
        }
    }

    private static void fp32(JsonGenerator json, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static void fp64(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
