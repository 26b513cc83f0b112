package dev.tidewheel.jobs.registered;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.feature.row.RowSchema;
import java.util.List;
import java.util.Objects;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * The columns of a registered source.
 *
 * @param source its name
 * @param body its canonical JSON
 */
record RegisteredColumns(String source, String body) implements SerializableSupplier<RowSchema> {
    RegisteredColumns {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(body, "body");
    }

    @Override
    public RowSchema get() {
        return Definitions.fromRegistry(List.of(body)).orThrow().sourceSchema(source);
    }
}
