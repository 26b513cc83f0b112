package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.feature.view.FeatureValues;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the log's records: one per row, columns in the service's order, grouped by kind. */
final class InferenceRecords {
    private static final String PREDICTION = "probability";

    /** How a request ended. */
    record Ending(InferenceStatus status, @Nullable String error, double @Nullable [] predictions) {}

    /** When a request came, by the wall's clock, and how long its parts took. */
    record Timing(long admittedAt, long featureMicros, long modelMicros, long totalMicros) {}

    private final String configHash;
    private final String erasureKey;

    /**
     * @param configHash of the sidecar's configuration
     * @param erasureKey the id of the key by which erased entities are known
     */
    InferenceRecords(String configHash, String erasureKey) {
        this.configHash = configHash;
        this.erasureKey = erasureKey;
    }

    /** One record per row of the request; of one about an erased entity it says no more than that it was asked. */
    List<Inference> of(Passage passage, Ending ending, Timing timing) {
        List<Vector> vectors = passage.vectors();
        List<Inference> records = new ArrayList<>(vectors.size());
        for (int row = 0; row < vectors.size(); row++) {
            Inference record = record(passage, row, vectors.get(row), ending, timing);
            if (passage.admitted().erased().contains(row)) {
                ErasedInferences.empty(record, erasureKey);
            }
            records.add(record);
        }
        return records;
    }

    private Inference record(Passage passage, int row, Vector vector, Ending ending, Timing timing) {
        Serving serving = passage.serving();
        InferRequest request = passage.request();
        RowSchema columns = serving.service().columns();
        Columns grouped = new Columns(columns, vector.values());
        double[] predictions = ending.predictions();
        return Inference.newBuilder()
                .setT(passage.admitted().t())
                .setRequestId(request.id())
                .setTraceId(request.traceId().orElse(null))
                .setRow(row)
                .setArm(passage.arm().label())
                .setModel(serving.model())
                .setModelVersion(serving.version())
                .setArtifactDigest(serving.artifactDigest())
                .setService(serving.service().name())
                .setServiceHash(serving.serviceHash())
                .setConfigHash(configHash)
                .setEntityNames(serving.entities())
                .setEntityKeys(request.entities().get(row))
                .setNumbers(grouped.numbers)
                .setIntegers(grouped.integers)
                .setStrings(grouped.strings)
                .setNulls(ByteBuffer.wrap(grouped.nulls))
                .setStatuses(ByteBuffer.wrap(vector.values().statuses()))
                .setCuts(vector.cuts())
                .setPrediction(predictions == null ? List.of() : List.of(predictions[row]))
                .setPredictionNames(predictions == null ? List.of() : List.of(PREDICTION))
                .setStatus(ending.status())
                .setError(ending.error())
                .setAdmittedAt(timing.admittedAt())
                .setFeatureMicros(timing.featureMicros())
                .setModelMicros(timing.modelMicros())
                .setTotalMicros(timing.totalMicros())
                .build();
    }

    /** A vector's columns, grouped as the record has them. */
    private static final class Columns {
        private final List<Double> numbers = new ArrayList<>();
        private final List<Long> integers = new ArrayList<>();
        private final List<String> strings = new ArrayList<>();
        private final byte[] nulls;

        Columns(RowSchema columns, FeatureValues values) {
            nulls = new byte[(columns.size() + 7) / 8];
            Row row = values.row();
            for (int slot = 0; slot < columns.size(); slot++) {
                boolean isNull = row.isNull(slot);
                if (isNull) {
                    nulls[slot / 8] |= (byte) (1 << (slot % 8));
                }
                switch (columns.column(slot).type()) {
                    case FLOAT64 -> numbers.add(isNull ? 0.0 : row.getDouble(slot));
                    case INT64, TIMESTAMP, BOOL -> integers.add(isNull ? 0L : row.getLong(slot));
                    case STRING, JSON -> strings.add(isNull ? "" : Objects.requireNonNull(row.getString(slot)));
                }
            }
        }
    }
}
