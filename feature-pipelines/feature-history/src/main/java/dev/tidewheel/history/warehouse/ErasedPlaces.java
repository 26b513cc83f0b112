package dev.tidewheel.history.warehouse;

import dev.tidewheel.history.source.Erased;
import dev.tidewheel.history.source.FileDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a raw table has rows of erased entities. Its newest snapshot is the list: there they have nothing but their places.
 * Older snapshots, held by tags or not expired yet, still have what the rows said; read with this list, they do not. Thread-safe.
 */
final class ErasedPlaces {
    /** What the table says instead of a reason. */
    static final String ERASED = "ERASED";

    private static final Set<String> KEPT =
            Set.of(RawTable.TOPIC, RawTable.PARTITION, RawTable.OFFSET, RawTable.TIMESTAMP, RawTable.REJECTED);

    /** Nobody is erased. */
    static final ErasedPlaces NONE = new ErasedPlaces(Map.of());

    /** Ascending. */
    private final Map<TopicPartition, long[]> places;

    private ErasedPlaces(Map<TopicPartition, long[]> places) {
        this.places = places;
    }

    /** Reads no file whose statistics say that it has none. */
    static ErasedPlaces of(Table table) {
        Map<TopicPartition, LongStream.Builder> places = new HashMap<>();
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table)
                .select(RawTable.TOPIC, RawTable.PARTITION, RawTable.OFFSET)
                .where(Expressions.equal(RawTable.REJECTED, ERASED))
                .build()) {
            for (Record row : rows) {
                places.computeIfAbsent(partition(row), unseen -> LongStream.builder())
                        .add((Long) row.getField(RawTable.OFFSET));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the erased places of " + table.name(), e);
        }
        Map<TopicPartition, long[]> sorted = new HashMap<>();
        places.forEach((partition, offsets) ->
                sorted.put(partition, offsets.build().sorted().toArray()));
        return new ErasedPlaces(sorted);
    }

    /** The same rows, where they are erased without what they say. */
    CloseableIterable<Record> leftOutOf(CloseableIterable<Record> rows) {
        return places.isEmpty() ? rows : CloseableIterable.transform(rows, this::emptied);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    boolean contain(TopicPartition partition, long offset) {
        long[] offsets = places.get(partition);
        return offsets != null && Arrays.binarySearch(offsets, offset) >= 0;
    }

    /**
     * Those of an older snapshot.
     *
     * @param next by partition the offset behind its last
     * @return empty if it has none
     */
    Optional<Erased> before(Map<TopicPartition, Long> next) {
        long rows = partitions()
                .mapToLong(partition -> countBefore(partition, next))
                .sum();
        return rows == 0
                ? Optional.empty()
                : Optional.of(new Erased(
                        rows, FileDigest.ofParts(partitions().flatMap(partition -> bytesBefore(partition, next)))));
    }

    /** In an order of their own. */
    private Stream<TopicPartition> partitions() {
        return places.keySet().stream().sorted(Comparator.comparing(TopicPartition::toString));
    }

    private int countBefore(TopicPartition partition, Map<TopicPartition, Long> next) {
        long end = next.getOrDefault(partition, 0L);
        return (int) Arrays.stream(Objects.requireNonNull(places.get(partition)))
                .takeWhile(offset -> offset < end)
                .count();
    }

    /** The partition's name, the number of its places, and these in eight bytes each; nothing if there are none. */
    private Stream<byte[]> bytesBefore(TopicPartition partition, Map<TopicPartition, Long> next) {
        int count = countBefore(partition, next);
        if (count == 0) {
            return Stream.empty();
        }
        byte[] head = (partition + "/" + count + "\n").getBytes(StandardCharsets.UTF_8);
        return Stream.concat(
                Stream.of(head),
                Arrays.stream(Objects.requireNonNull(places.get(partition)), 0, count)
                        .mapToObj(offset ->
                                ByteBuffer.allocate(Long.BYTES).putLong(offset).array()));
    }

    private Record emptied(Record row) {
        if (contain(partition(row), (Long) row.getField(RawTable.OFFSET))) {
            for (NestedField column : row.struct().fields()) {
                if (!KEPT.contains(column.name())) {
                    row.setField(column.name(), null);
                }
            }
            row.setField(RawTable.REJECTED, ERASED);
        }
        return row;
    }

    private static TopicPartition partition(Record row) {
        return new TopicPartition((String) row.getField(RawTable.TOPIC), (Integer) row.getField(RawTable.PARTITION));
    }
}
