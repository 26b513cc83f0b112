package dev.tidewheel.jobs;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.jobs.registered.RegisteredJobs;
import dev.tidewheel.jobs.source.RecordDecoder;
import dev.tidewheel.jobs.source.SourceRecord;
import dev.tidewheel.records.Definition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * A job as it was when a version was released, in a folder of the test resources that never changes again:
 *
 * <pre>
 * definitions/   source and views
 * before.csv     what the job had read when it was stopped
 * after.csv      what comes after that
 * savepoint/     what it left
 * </pre>
 *
 * <p>Events are kept as text and not as a seed: a generator may change.
 */
final class RetainedJob {
    static final String NAME = "retained";
    static final int PARTITIONS = 3;
    static final long LINEAGE = 1;

    private static final String HEADER =
            "partition,timestamp,flight_id,date,landing,origin,destination,delay,speed,diverted";

    /**
     * One record of the source's topic, as text.
     *
     * @param partition of the topic
     * @param timestamp Kafka's, epoch milliseconds
     * @param delay null if not known
     * @param speed null if not known
     */
    record Event(
            int partition,
            long timestamp,
            long id,
            long date,
            long landing,
            String origin,
            String destination,
            Long delay,
            Double speed,
            boolean diverted) {

        private static Event parse(String line) {
            String[] words = line.split(",", -1);
            return new Event(
                    Integer.parseInt(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    words[5],
                    words[6],
                    words[7].isEmpty() ? null : Long.valueOf(words[7]),
                    words[8].isEmpty() ? null : Double.valueOf(words[8]),
                    Boolean.parseBoolean(words[9]));
        }

        private String line() {
            return String.join(
                    ",",
                    Integer.toString(partition),
                    Long.toString(timestamp),
                    Long.toString(id),
                    Long.toString(date),
                    Long.toString(landing),
                    origin,
                    destination,
                    Objects.toString(delay, ""),
                    Objects.toString(speed, ""),
                    Boolean.toString(diverted));
        }

        private GenericRecord record(Schema schema) {
            GenericRecord record = new GenericData.Record(schema);
            record.put("flight_id", id);
            record.put("date", date);
            record.put("landing", landing);
            record.put("origin", origin);
            record.put("destination", destination);
            record.put("delay", delay);
            record.put("speed", speed);
            record.put("diverted", diverted);
            return record;
        }
    }

    private final Path folder;
    private final Definitions definitions;
    private final JobDefinition job;
    private final Schema schema;

    /** @param folder with the definitions at least */
    RetainedJob(Path folder) {
        this.folder = folder;
        this.definitions = Definitions.load(folder.resolve("definitions")).orThrow();
        this.job = RegisteredJobs.of(snapshot(), NAME);
        this.schema = new Schema.Parser().parse(job.source().only().schema());
    }

    /** The registry as it was. */
    private Map<String, Definition> snapshot() {
        Map<String, Definition> snapshot = new TreeMap<>();
        for (RegistryEntry entry : definitions.toRegistry()) {
            snapshot.put(
                    entry.key(),
                    new Definition(entry.kind(), entry.name(), entry.hash(), entry.body(), LINEAGE, List.of(), 0L));
        }
        return snapshot;
    }

    /** The job of a released version, such as {@code v1}. */
    static RetainedJob of(String version) {
        try {
            return new RetainedJob(Path.of(Objects.requireNonNull(
                            RetainedJob.class.getResource("/retained/" + version), "no retained version " + version)
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    URI savepoint() {
        return folder.resolve("savepoint").toUri();
    }

    List<Event> before() throws IOException {
        return read("before.csv");
    }

    List<Event> after() throws IOException {
        return read("after.csv");
    }

    private List<Event> read(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream()
                .skip(1)
                .map(Event::parse)
                .toList();
    }

    static void write(Path file, List<Event> events) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        events.forEach(event -> lines.add(event.line()));
        Files.write(file, lines);
    }

    /** The job as it is read from the registry. */
    JobDefinition definition() {
        return job;
    }

    List<ViewPlan> plans() {
        return definitions.views().stream()
                .map(view -> definitions.viewPlan(view.name()))
                .toList();
    }

    /** As the topic holds it. */
    byte[] avro(Event event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(event.record(schema), encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    /** The changes of a view by key, as the oracle takes them. */
    Map<String, List<Change>> changes(ViewPlan plan, List<Event> events) throws IOException {
        RecordDecoder decoder = new RecordDecoder(job.source(), plan.source());
        Map<String, List<Change>> changes = new HashMap<>();
        for (Event event : events) {
            SourceRecord record = decoder.decode(event.partition(), 0, event.timestamp(), null, avro(event));
            Change change = record.change();
            changes.computeIfAbsent(plan.entityKey(change.row()).orElseThrow(), key -> new ArrayList<>())
                    .add(change);
        }
        return changes;
    }
}
