package dev.tidewheel.monitoring.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The tables of namespace {@code monitoring}. Times are {@code long} epoch milliseconds, as everywhere.
 *
 * <p>The logs are appended to, with the place of each record, and partitioned by Kafka's partition, so that the
 * statistics of their files alone tell how far they are written. An inference's columns stand in the service's order,
 * grouped by kind; {@code nulls} and {@code statuses} have one entry per column.
 */
public enum MonitoringTable {
    /** Every scored row. */
    INFERENCES(new Columns()
            .required("t", Types.LongType.get())
            .required("request_id", Types.StringType.get())
            .required("row", Types.IntegerType.get())
            .required("arm", Types.StringType.get())
            .required("model", Types.StringType.get())
            .required("model_version", Types.StringType.get())
            .required("service", Types.StringType.get())
            .required("service_hash", Types.StringType.get())
            .list("entity_names", Types.StringType.get())
            .list("entity_keys", Types.StringType.get())
            .list("numbers", Types.DoubleType.get())
            .list("integers", Types.LongType.get())
            .list("strings", Types.StringType.get())
            .list("nulls", Types.BooleanType.get())
            .list("statuses", Types.IntegerType.get())
            .optional("prediction", Types.DoubleType.get())
            .required("status", Types.StringType.get())
            .optional("error", Types.StringType.get())
            .required("admitted_at", Types.LongType.get())
            .required("feature_micros", Types.LongType.get())
            .required("model_micros", Types.LongType.get())
            .required("total_micros", Types.LongType.get())
            .place()),
    /** Every label, corrections too. */
    LABELS(new Columns()
            .required("request_id", Types.StringType.get())
            .required("row", Types.IntegerType.get())
            .required("model", Types.StringType.get())
            .required("name", Types.StringType.get())
            .required("value", Types.DoubleType.get())
            .required("known_time", Types.LongType.get())
            .place()),
    /** Every metric row; a row that is published again replaces itself. */
    METRICS(new Columns()
            .required("monitor", Types.StringType.get())
            .required("model", Types.StringType.get())
            .required("model_version", Types.StringType.get())
            .required("feature", Types.StringType.get())
            .required("segment", Types.StringType.get())
            .required("window_start", Types.LongType.get())
            .required("revision", Types.IntegerType.get())
            .required("window_end", Types.LongType.get())
            .required("settled", Types.BooleanType.get())
            .required("monitor_hash", Types.StringType.get())
            .optional("reference", Types.StringType.get())
            .required("rows", Types.LongType.get())
            .required("nulls", Types.LongType.get())
            .required("nans", Types.LongType.get())
            .required("infinities", Types.LongType.get())
            .required("unavailable", Types.LongType.get())
            .required("valued", Types.LongType.get())
            .optional("edges", Types.StringType.get())
            .optional("below", Types.LongType.get())
            .list("bins", Types.LongType.get())
            .optional("above", Types.LongType.get())
            .measures()
            .optional("labelled", Types.LongType.get())
            .required("unassigned", Types.LongType.get())
            .required("computed_at", Types.LongType.get()));

    /** What tells metric rows apart. */
    static final List<String> METRIC_KEY =
            List.of("monitor", "model", "model_version", "feature", "segment", "window_start", "revision");
    /** The partition of the topic. */
    static final String PARTITION = "_partition";
    /** The offset in it. */
    static final String OFFSET = "_offset";

    private final List<NestedField> fields;

    MonitoringTable(Columns columns) {
        this.fields = List.copyOf(columns.fields);
    }

    /** The table's name in the catalog. */
    public TableIdentifier identifier() {
        return TableIdentifier.of("monitoring", name().toLowerCase(java.util.Locale.ROOT));
    }

    /** The columns, with the ids that the catalog gives to a new table. */
    public Schema schema() {
        return TypeUtil.assignIncreasingFreshIds(new Schema(fields));
    }

    boolean isLog() {
        return this != METRICS;
    }

    PartitionSpec partitioning(Schema schema) {
        return isLog() ? PartitionSpec.builderFor(schema).identity(PARTITION).build() : PartitionSpec.unpartitioned();
    }

    /** Gives every field the next id, those inside of lists too. */
    private static final class Columns {
        private final List<NestedField> fields = new ArrayList<>();
        private int ids;

        Columns required(String name, Type type) {
            fields.add(NestedField.required(++ids, name, type));
            return this;
        }

        Columns optional(String name, Type type) {
            fields.add(NestedField.optional(++ids, name, type));
            return this;
        }

        Columns list(String name, Type element) {
            int list = ++ids;
            fields.add(NestedField.optional(list, name, Types.ListType.ofRequired(++ids, element)));
            return this;
        }

        Columns measures() {
            int list = ++ids;
            int element = ++ids;
            Types.StructType measure = Types.StructType.of(
                    NestedField.required(++ids, "name", Types.StringType.get()),
                    NestedField.optional(++ids, "value", Types.DoubleType.get()),
                    NestedField.optional(++ids, "threshold", Types.DoubleType.get()),
                    NestedField.required(++ids, "verdict", Types.StringType.get()));
            fields.add(NestedField.required(list, "measures", Types.ListType.ofRequired(element, measure)));
            return this;
        }

        Columns place() {
            return required(PARTITION, Types.IntegerType.get()).required(OFFSET, Types.LongType.get());
        }
    }
}
