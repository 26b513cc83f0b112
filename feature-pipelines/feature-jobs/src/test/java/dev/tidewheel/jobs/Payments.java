package dev.tidewheel.jobs;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.RegistryEntry;
import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.jobs.registered.RegisteredJobs;
import dev.tidewheel.records.Definition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A union of two topics of different formats and schemas: its definitions, and records with what they mean. */
public final class Payments {
    /** The union, the project and the job. */
    public static final String SOURCE = "payments";

    static final String VIEW = "spending";
    static final int PARTITIONS = 3;
    static final long START = 981_000_000_000L;
    static final long DAY = 86_400_000L;

    private static final Schema CARD = new Schema.Parser().parse("""
            {"type": "record", "name": "Card", "fields": [
              {"name": "payment_id", "type": "long"},
              {"name": "paid_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "customer", "type": "long"},
              {"name": "cents", "type": "int"}]}
            """);
    private static final String DEFINITIONS = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: cards}
            spec:
              kafka: {topic: card-topic, format: avro}
              schema: %s
              eventTime: paid_at
              eventId: payment_id
              horizon: 30d
            ---
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: wallets}
            spec:
              kafka: {topic: wallet-topic, format: json}
              schema:
                type: record
                name: Wallet
                fields:
                  - {name: id, type: string}
                  - {name: time, type: {type: long, logicalType: timestamp-millis}}
                  - {name: received, type: {type: long, logicalType: timestamp-millis}}
                  - {name: account, type: string}
                  - {name: amount, type: ['null', double]}
              eventTime: time
              knownTime: received
              eventId: id
              horizon: 1d
            ---
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata: {name: payments}
            spec:
              union:
                - {source: cards, select: {customer: test.fuse(customer), amount: double(cents) / 100.0}}
                - {source: wallets, select: {customer: int(account)}}
              horizon: 2d
            ---
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata: {name: spending}
            spec:
              source: payments
              entity: [customer]
              columns:
                - {name: fused, expression: test.fuse(customer)}
              features:
                - {name: payments, aggregate: count, windows: [1h, 24h, lifetime, {session: 20m, maxLength: 1d}]}
                - {name: amount, aggregate: sum, of: amount, windows: [6h, {tumbling: 1h}]}
                - {name: exact, aggregate: mean, of: amount, windows: [2h], resolution: 0}
                - {name: last, aggregate: last, of: amount, windows: [24h, {rows: 3}]}
                - {name: by_source, aggregate: count, bucket: _source, windows: [24h]}
            """;

    private Payments() {}

    /**
     * A record.
     *
     * @param topic its place in the union
     * @param value as it stands in the topic
     * @param change what it means; empty if it is refused
     */
    record Sent(int topic, int partition, long timestamp, byte[] value, Optional<Change> change) {}

    /** The definitions as users write them. */
    static Definitions definitions(Path folder) {
        try {
            Files.writeString(folder.resolve("payments.yaml"), DEFINITIONS.formatted(CARD.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Definitions.load(folder).orThrow();
    }

    /** The job as it starts from a registry that has nothing but the union and its view. */
    static JobDefinition job(Definitions definitions) {
        Map<String, Definition> registry = new TreeMap<>();
        for (RegistryEntry entry : definitions.toRegistry()) {
            if (!List.of("Source/cards", "Source/wallets").contains(entry.key())) {
                registry.put(
                        entry.key(),
                        new Definition(entry.kind(), entry.name(), entry.hash(), entry.body(), 1L, List.of(), 0L));
            }
        }
        return RegisteredJobs.of(registry, SOURCE);
    }

    /**
     * Payments of a day by a few customers: out of order, some late for the union and not for its members or the other way
     * round, some twice, ids that both topics have, and some that cannot be used.
     */
    static List<Sent> random(Random random, int size) {
        List<Sent> sent = new ArrayList<>();
        long[] ids = new long[2];
        for (int i = 0; i < size; i++) {
            long known = START + random.nextInt((int) DAY);
            long event = known - random.nextInt(3_600_000) - (random.nextInt(20) == 0 ? 2 * DAY : 0);
            int dice = random.nextInt(30);
            if (dice == 0) {
                sent.add(new Sent(random.nextInt(2), partition(random), known, new byte[] {1, 2}, Optional.empty()));
            } else if (dice == 1) {
                sent.add(wallet(random, ids[1]++, event, known, "nobody", null));
            } else if (random.nextBoolean()) {
                sent.add(card(random, ids[0]++, event, known, random.nextInt(5), random.nextInt(100_000)));
            } else {
                Double amount = random.nextInt(10) == 0 ? null : random.nextInt(100_000) / 64.0;
                sent.add(wallet(random, ids[1]++, event, known, Integer.toString(random.nextInt(5)), amount));
            }
            if (random.nextInt(8) == 0) {
                sent.add(again(random, sent.get(random.nextInt(sent.size()))));
            }
        }
        return sent;
    }

    private static int partition(Random random) {
        return random.nextInt(PARTITIONS);
    }

    private static Sent again(Random random, Sent one) {
        return new Sent(one.topic, partition(random), one.timestamp, one.value, one.change);
    }

    private static Sent card(Random random, long id, long event, long known, long customer, int cents) {
        GenericRecord record = new GenericData.Record(CARD);
        record.put("payment_id", id);
        record.put("paid_at", event);
        record.put("customer", customer);
        record.put("cents", cents);
        Row row = row(customer, cents / 100.0, "cards", event, known, Long.toString(id));
        Change change = new Change(false, new EventId("cards/", 0, id), event, known, row);
        return new Sent(0, partition(random), known, avro(record), Optional.of(change));
    }

    private static Sent wallet(Random random, long id, long event, long known, String account, Double amount) {
        String json = "{\"id\": \"%d\", \"time\": %d, \"received\": %d, \"account\": \"%s\", \"amount\": %s}"
                .formatted(id, event, known, account, amount);
        Optional<Change> change = account.equals("nobody")
                ? Optional.empty()
                : Optional.of(new Change(
                        false,
                        EventId.of("wallets/" + id),
                        event,
                        known,
                        row(Long.parseLong(account), amount, "wallets", event, known, Long.toString(id))));
        return new Sent(1, partition(random), known + 77, json.getBytes(StandardCharsets.UTF_8), change);
    }

    private static Row row(long customer, Double amount, String member, long event, long known, String id) {
        Row row = new Row(6).setLong(0, customer);
        if (amount != null) {
            row.setDouble(1, amount);
        }
        return row.setString(2, member).setLong(3, event).setLong(4, known).setString(5, id);
    }

    private static byte[] avro(GenericRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(CARD).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
