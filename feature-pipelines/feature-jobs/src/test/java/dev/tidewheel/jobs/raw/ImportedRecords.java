package dev.tidewheel.jobs.raw;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.jobs.source.SourceLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.kafka.common.TopicPartition;

/** An import beside a job: records in the raw table of its source, in a partition that Kafka does not have. */
public final class ImportedRecords {
    /** Their partition. */
    public static final int IMPORT = Channels.importPartition(0);

    private ImportedRecords() {}

    /**
     * Writes the import, while the job stands.
     *
     * @param layout of a source of one topic
     * @param folder of the warehouse
     * @param timestamp of all records
     * @param values as the topic would have them, in the order in which they became known
     */
    public static void write(
            SourceLayout layout,
            SerializableSupplier<RowSchema> columns,
            Path folder,
            long timestamp,
            List<byte[]> values)
            throws Exception {
        TopicPartition at = new TopicPartition(layout.topicNames().get(0), IMPORT);
        KeptTable table = new KeptTable(layout, columns, folder);
        table.add(IntStream.range(0, values.size())
                .mapToObj(offset -> KeptTable.inKafka(at, offset, timestamp, null, values.get(offset)))
                .toList());
        table.commit();
    }
}
