package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Turns vectors into the model's tensor: FP32, row by row, little-endian as the protocol's binary form has it. */
final class Tensors {
    private Tensors() {}

    /** The bytes of a [rows, inputs] tensor; a null is a NaN, a boolean 0 or 1. */
    static Buffer floats(Serving serving, List<Vector> vectors) {
        RowSchema columns = serving.service().columns();
        Buffer tensor = Buffer.buffer(4 * vectors.size() * serving.inputs().size());
        for (Vector vector : vectors) {
            Row row = vector.values().row();
            for (int slot : serving.inputs()) {
                tensor.appendFloatLE(number(row, slot, columns.column(slot).type()));
            }
        }
        return tensor;
    }

    private static float number(Row row, int slot, ColumnType type) {
        if (row.isNull(slot)) {
            return Float.NaN;
        }
        return type == ColumnType.FLOAT64 ? (float) row.getDouble(slot) : (float) row.getLong(slot);
    }
}
