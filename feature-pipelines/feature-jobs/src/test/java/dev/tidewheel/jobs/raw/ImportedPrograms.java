package dev.tidewheel.jobs.raw;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.jobs.ProgramRecords;
import dev.tidewheel.jobs.source.SourceRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Random programs of which a part was never in the topic, but imported: before a moment, or with some of what follows. */
public final class ImportedPrograms {
    /** The partition of the import. */
    public static final int IMPORT = Channels.importPartition(0);

    private ImportedPrograms() {}

    /**
     * The same changes, those that were known before a random moment in an import, the others in Kafka. What stands elsewhere
     * than it did has another position, and so another id if none is declared.
     */
    public static RandomProgram apart(RandomProgram program, Random random) {
        long cut = cut(program, random);
        List<Arrival> imported = new ArrayList<>();
        List<Arrival> inKafka = new ArrayList<>();
        program.arrivals().forEach(arrival -> (arrival.change().knownTime() < cut ? imported : inKafka).add(arrival));
        return placed(program, imported, inKafka, random);
    }

    private static long cut(RandomProgram program, Random random) {
        List<Arrival> arrivals = program.arrivals();
        return arrivals.get(random.nextInt(arrivals.size())).change().knownTime() + random.nextInt(2);
    }

    private static RandomProgram placed(
            RandomProgram program, List<Arrival> imported, List<Arrival> inKafka, Random random) {
        imported.sort(Comparator.comparingLong(arrival -> arrival.change().knownTime()));
        List<Arrival> before = placed(program, imported, true);
        List<Arrival> behind = placed(program, inKafka, false);
        return new RandomProgram(
                program.seed(), program.declaresIds(), program.views(), interleaved(before, behind, random));
    }

    private static List<Arrival> placed(RandomProgram program, List<Arrival> arrivals, boolean imported) {
        TreeMap<Integer, Long> next = new TreeMap<>();
        List<Arrival> placed = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            int partition = imported ? IMPORT : arrival.partition();
            long offset = next.merge(partition, 1L, Long::sum) - 1;
            Change change = arrival.change();
            EventId id = program.declaresIds() ? change.id() : EventId.of(RandomProgram.TOPIC, partition, offset);
            placed.add(new Arrival(
                    new Change(change.retraction(), id, change.eventTime(), change.knownTime(), change.row()),
                    partition,
                    offset,
                    imported ? change.knownTime() : arrival.timestamp()));
        }
        return placed;
    }

    /** Both are read at the same time, runs of random lengths in turn. */
    private static List<Arrival> interleaved(List<Arrival> some, List<Arrival> others, Random random) {
        List<Arrival> all = new ArrayList<>();
        int one = 0;
        int other = 0;
        while (one < some.size() || other < others.size()) {
            int until = 1 + random.nextInt(30);
            boolean first = other == others.size() || (one < some.size() && random.nextBoolean());
            for (int i = 0; i < until && (first ? one < some.size() : other < others.size()); i++) {
                all.add(first ? some.get(one++) : others.get(other++));
            }
        }
        return all;
    }

    /** Makes a table with the imported part. */
    public static void write(RandomProgram program, String source, String topic, Path folder) throws Exception {
        KeptTable table = table(program, source, topic, folder);
        keep(program, topic, table);
        table.commit();
    }

    /** What arrives at a pipeline that reads the import from the table and the rest from Kafka. */
    public static List<Arrival> read(RandomProgram program, String source, Path folder) throws Exception {
        KeptTable table = table(program, source, RandomProgram.TOPIC, folder);
        keep(program, RandomProgram.TOPIC, table);
        table.commit();
        List<SourceRecord> kept = table.read(table.log(), new TopicPartition(RandomProgram.TOPIC, IMPORT), 0);
        List<Arrival> arrivals = new ArrayList<>();
        int next = 0;
        for (Arrival arrival : program.arrivals()) {
            SourceRecord record = arrival.partition() == IMPORT
                    ? kept.get(next++)
                    : table.decode(inKafka(arrival, RandomProgram.TOPIC));
            arrivals.add(new Arrival(record.change(), record.partition(), record.offset(), record.timestamp()));
        }
        return arrivals;
    }

    private static KeptTable table(RandomProgram program, String source, String topic, Path folder) {
        return new KeptTable(ProgramRecords.layout(source, topic, program), RandomProgram::source, folder);
    }

    private static void keep(RandomProgram program, String topic, KeptTable table) {
        List<ConsumerRecord<byte[], byte[]>> imported = program.arrivals().stream()
                .filter(arrival -> arrival.partition() == IMPORT)
                .map(arrival -> inKafka(arrival, topic))
                .toList();
        for (int from = 0; from < imported.size(); from += 100) {
            table.add(imported.subList(from, Math.min(imported.size(), from + 100)));
        }
    }

    private static ConsumerRecord<byte[], byte[]> inKafka(Arrival arrival, String topic) {
        return KeptTable.inKafka(
                new TopicPartition(topic, arrival.partition()),
                arrival.offset(),
                arrival.timestamp(),
                null,
                ProgramRecords.avro(arrival.change().row()));
    }
}
