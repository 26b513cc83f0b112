package dev.tidewheel.jobs.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutedSerializerTest {
    private static final String TOPIC = "events";

    private final Random random = new Random(20_261_121);
    private final TypeSerializer<Routed> serializer =
            new RoutedType(TOPIC).createSerializer(new SerializerConfigImpl());

    @Test
    void everythingArrivesAsItWasSent() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        for (int i = 0; i < 5_000; i++) {
            Routed sent = routed();
            out.clear();
            serializer.serialize(sent, out);
            DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
            assertThat(serializer.duplicate().deserialize(in))
                    .usingRecursiveComparison()
                    .isEqualTo(sent);
            assertThat(in.available()).isZero();
        }
    }

    @Test
    void bytesAreCopiedWhole() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        for (int i = 0; i < 3; i++) {
            serializer.serialize(routed(), out);
        }
        DataOutputSerializer copy = new DataOutputSerializer(64);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        for (int i = 0; i < 3; i++) {
            serializer.copy(in, copy);
        }
        assertThat(copy.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
    }

    /** An event of the benchmarks: key, position, times and an amount. */
    @Test
    void whatTheReceiverKnowsDoesNotTravel() throws IOException {
        long time = 1_767_571_200_000L;
        Routed event = Routed.of(
                "user-10000001",
                new RoutedChange(
                        3,
                        1_000_000,
                        time,
                        TOPIC,
                        3,
                        1_000_000,
                        time,
                        time,
                        new long[] {time, 0, 500},
                        new @Nullable String[] {null, "user-10000001", null},
                        new boolean[3]));
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(event, out);
        assertThat(out.length()).as("bytes").isLessThan(45);
    }

    @Test
    void itIsNoFormatOfState() {
        assertThatThrownBy(serializer::snapshotConfiguration).hasMessageContaining("in no state");
    }

    private Routed routed() {
        switch (random.nextInt(4)) {
            case 0 -> {
                int size = random.nextInt(4);
                return Routed.of(
                        "marker-" + size,
                        new OffsetMarker(
                                random.ints(size, 0, 300).toArray(),
                                random.longs(size, 0, Long.MAX_VALUE).toArray()));
            }
            case 1 -> {
                return Routed.of(new KeyedChange(text(), change(text())), new KeyedChange(text(), change(text())));
            }
            default -> {
                String key = text();
                return Routed.of(key, change(key));
            }
        }
    }

    private RoutedChange change(String key) {
        int partition = random.nextInt(300);
        long offset = number() & Long.MAX_VALUE;
        boolean position = random.nextBoolean();
        long eventTime = number();
        long knownTime = random.nextBoolean() ? eventTime : number();
        int slots = random.nextInt(5);
        long[] words = new long[slots];
        @Nullable String[] strings = new String[slots];
        boolean[] nulls = new boolean[slots];
        for (int slot = 0; slot < slots; slot++) {
            switch (random.nextInt(5)) {
                case 0 -> nulls[slot] = true;
                case 1 -> strings[slot] = text();
                case 2 -> strings[slot] = key;
                case 3 -> words[slot] = eventTime;
                default -> words[slot] = number();
            }
        }
        return new RoutedChange(
                partition,
                offset,
                random.nextBoolean() ? knownTime : number(),
                position ? TOPIC : text(),
                position ? partition : number(),
                position ? offset : number(),
                eventTime,
                knownTime,
                words,
                strings,
                nulls,
                random.nextBoolean());
    }

    /** Of any magnitude. */
    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private String text() {
        return random.ints(random.nextInt(20), 0, random.nextBoolean() ? 0x80 : 0x10000)
                .collect(StringBuilder::new, (text, unit) -> text.append((char) unit), StringBuilder::append)
                .toString();
    }
}
