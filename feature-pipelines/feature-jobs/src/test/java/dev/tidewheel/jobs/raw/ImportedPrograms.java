package dev.tidewheel.jobs.raw;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.Handover;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.program.RandomProgram;
import dev.tidewheel.feature.program.RandomProgram.Arrival;
import dev.tidewheel.jobs.ProgramRecords;
import dev.tidewheel.jobs.source.HandedOver;
import dev.tidewheel.jobs.source.SourceLayout;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.records.DeadLetterReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A random program of which a part is imported, and handed over to Kafka in one of the three ways.
 *
 * @param handover as the source declares it
 * @param read the program as it is read: what stands elsewhere than it did has another position, and so another id if none
 *     is declared. By offsets it has each change once, else what was known near a moment twice: imported and in Kafka
 */
public record ImportedPrograms(Handover handover, RandomProgram read) {
    /** The partition of the import. */
    public static final int IMPORT = Channels.importPartition(0);

    private static final long NEAR = RandomProgram.HORIZON / 4;

    /** Handed over in a way that the program's ids allow. */
    public static ImportedPrograms of(RandomProgram program, Random random) {
        List<Arrival> arrivals = program.arrivals();
        long cut = arrivals.get(random.nextInt(arrivals.size())).change().knownTime() + random.nextInt(2);
        return switch (random.nextInt(program.declaresIds() ? 3 : 2)) {
            case 0 -> new ImportedPrograms(Handover.OFFSETS, around(program, cut, 0, random));
            case 1 ->
                new ImportedPrograms(
                        new Handover.KnownTime(Instant.ofEpochMilli(cut)), around(program, cut, NEAR, random));
            default ->
                new ImportedPrograms(
                        new Handover.Overlap(Duration.ofMillis(2 * NEAR)), around(program, cut, NEAR, random));
        };
    }

    private static RandomProgram around(RandomProgram program, long cut, long near, Random random) {
        List<Arrival> imported = new ArrayList<>();
        List<Arrival> inKafka = new ArrayList<>();
        for (Arrival arrival : program.arrivals()) {
            long known = arrival.change().knownTime();
            if (known < cut + near) {
                imported.add(arrival);
            }
            if (known >= cut - near) {
                inKafka.add(arrival);
            }
        }
        imported.sort(Comparator.comparingLong(arrival -> arrival.change().knownTime()));
        return with(program, interleaved(placed(program, imported, true), placed(program, inKafka, false), random));
    }

    private static RandomProgram with(RandomProgram program, List<Arrival> arrivals) {
        return new RandomProgram(program.seed(), program.declaresIds(), program.views(), arrivals);
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

    /** The program of what counts. */
    public RandomProgram counted() {
        return with(
                read,
                read.arrivals().stream()
                        .filter(arrival -> !handover.leavesOut(
                                arrival.partition() == IMPORT, arrival.change().knownTime()))
                        .toList());
    }

    /** How a job reads the source. */
    public SourceLayout layout(String source, String topic) {
        return ProgramRecords.layout(source, topic, read).handedOver(handover);
    }

    /** Makes a table with the imported part. */
    public void write(String source, String topic, Path folder) throws Exception {
        written(source, topic, folder);
    }

    private KeptTable written(String source, String topic, Path folder) throws Exception {
        KeptTable table = new KeptTable(layout(source, topic), RandomProgram::source, folder);
        List<ConsumerRecord<byte[], byte[]>> imported = read.arrivals().stream()
                .filter(arrival -> arrival.partition() == IMPORT)
                .map(arrival -> inKafka(arrival, topic))
                .toList();
        for (int from = 0; from < imported.size(); from += 100) {
            table.add(imported.subList(from, Math.min(imported.size(), from + 100)));
        }
        table.commit();
        return table;
    }

    /** What counts of what arrives at a pipeline that reads the import from the table and the rest from Kafka. */
    public List<Arrival> arrivals(String source, Path folder) throws Exception {
        KeptTable table = written(source, RandomProgram.TOPIC, folder);
        HandedOver handedOver = new HandedOver(layout(source, RandomProgram.TOPIC));
        List<SourceRecord> kept = table.read(table.log(), new TopicPartition(RandomProgram.TOPIC, IMPORT), 0);
        List<Arrival> arrivals = new ArrayList<>();
        int next = 0;
        for (Arrival arrival : read.arrivals()) {
            SourceRecord record = handedOver.map(
                    arrival.partition() == IMPORT
                            ? kept.get(next++)
                            : table.decode(inKafka(arrival, RandomProgram.TOPIC)));
            if (record.reason() != DeadLetterReason.HANDED_OVER) {
                arrivals.add(new Arrival(record.change(), record.partition(), record.offset(), record.timestamp()));
            }
        }
        return arrivals;
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
