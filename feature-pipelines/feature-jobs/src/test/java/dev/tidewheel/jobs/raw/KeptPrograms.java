package dev.tidewheel.jobs.raw;

import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.jobs.ProgramRecords;
import dev.tidewheel.jobs.source.SourceRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What arrives at a pipeline that reads the first records of each partition from the raw table and the rest from Kafka. */
public final class KeptPrograms {
    private final RandomProgram program;
    private final Random random;
    private final KeptTable table;

    /**
     * @param source its name in the warehouse
     * @param folder of the warehouse
     */
    public KeptPrograms(RandomProgram program, String source, Path folder, Random random) {
        this.program = program;
        this.random = random;
        this.table = new KeptTable(
                ProgramRecords.layout(source, RandomProgram.TOPIC, program), RandomProgram::source, folder);
    }

    /**
     * The program's arrivals, each partition in its order, those before its cut by way of the table.
     *
     * @param cuts by partition the first offset that Kafka still has
     */
    public List<Arrival> arrivals(long[] cuts) throws Exception {
        for (int partition = 0; partition < cuts.length; partition++) {
            keep(partition, cuts[partition]);
        }
        table.commit();
        RawLog log = table.log();
        List<List<Arrival>> partitions = new ArrayList<>();
        for (int partition = 0; partition < RandomProgram.PARTITIONS; partition++) {
            List<Arrival> arrivals = new ArrayList<>();
            table.read(log, at(partition), 0).forEach(record -> arrivals.add(arrival(record)));
            arrivals.addAll(fromKafka(partition, cuts[partition]));
            partitions.add(arrivals);
        }
        return interleaved(partitions);
    }

    /** In several files, neighbours or with rows in common, as attempts of a job leave them. */
    private void keep(int partition, long cut) {
        List<ConsumerRecord<byte[], byte[]>> kept = of(partition).stream()
                .filter(arrival -> arrival.offset() < cut)
                .map(KeptPrograms::inKafka)
                .toList();
        for (int from = 0; from < kept.size(); ) {
            int until = Math.min(kept.size(), from + 1 + random.nextInt(40));
            int overlap = random.nextInt(4) == 0 ? Math.min(from, random.nextInt(10)) : 0;
            table.add(kept.subList(from - overlap, until));
            from = until;
        }
    }

    private List<Arrival> fromKafka(int partition, long cut) throws IOException {
        List<Arrival> arrivals = new ArrayList<>();
        for (Arrival arrival : of(partition)) {
            if (arrival.offset() >= cut) {
                arrivals.add(arrival(table.decode(inKafka(arrival))));
            }
        }
        return arrivals;
    }

    /** Partitions take turns of random lengths. */
    private List<Arrival> interleaved(List<List<Arrival>> partitions) {
        List<Arrival> all = new ArrayList<>();
        int[] next = new int[partitions.size()];
        while (all.size() < partitions.stream().mapToInt(List::size).sum()) {
            int partition = random.nextInt(partitions.size());
            List<Arrival> from = partitions.get(partition);
            int until = Math.min(from.size(), next[partition] + 1 + random.nextInt(20));
            all.addAll(from.subList(next[partition], until));
            next[partition] = until;
        }
        return all;
    }

    private List<Arrival> of(int partition) {
        return program.arrivals().stream()
                .filter(arrival -> arrival.partition() == partition)
                .toList();
    }

    private static TopicPartition at(int partition) {
        return new TopicPartition(RandomProgram.TOPIC, partition);
    }

    private static ConsumerRecord<byte[], byte[]> inKafka(Arrival arrival) {
        return KeptTable.inKafka(
                at(arrival.partition()),
                arrival.offset(),
                arrival.timestamp(),
                null,
                ProgramRecords.avro(arrival.change().row()));
    }

    private static Arrival arrival(SourceRecord record) {
        return new Arrival(record.change(), record.partition(), record.offset(), record.timestamp());
    }
}
