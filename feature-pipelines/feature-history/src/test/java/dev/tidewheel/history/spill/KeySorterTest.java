package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySorterTest {
    private static final RowSchema PAYLOAD = new RowSchema(List.of(
            new Column("n", ColumnType.INT64),
            new Column("x", ColumnType.FLOAT64),
            new Column("b", ColumnType.BOOL),
            new Column("s", ColumnType.STRING),
            new Column("at", ColumnType.TIMESTAMP)));
    private static final List<String> ODD_KEYS = List.of(
            "",
            "007",
            "7",
            "-0",
            "-7",
            "+7",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "\ud800|",
            "Straße");

    @TempDir
    private Path folder;

    private record Told(String key, long moment, int channel, long place, List<Object> values) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 4_096, 50_000, Long.MAX_VALUE})
    void rowsComeBackInOrderWhateverTheBudget(long budget) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Told> told = random(random);
        Map<String, List<Told>> expected = new TreeMap<>();
        told.forEach(row ->
                expected.computeIfAbsent(row.key, unseen -> new ArrayList<>()).add(row));
        expected.values()
                .forEach(rows -> rows.sort(Comparator.comparingLong(Told::moment)
                        .thenComparing(Told::channel)
                        .thenComparing(Told::place)));
        Spilling spilling = new Spilling(budget, folder);
        try (KeySorter sorter = new KeySorter(PAYLOAD, 3, KeySorterTest::mark, spilling)) {
            for (Told row : told) {
                add(row, sorter);
            }
            PartitionReader reader = sorter.sorted().reader(spilling);
            assertThat(sorter.spilledBytes() > 0).isEqualTo(budget < Long.MAX_VALUE);
            Map<String, List<Told>> found = new TreeMap<>();
            for (int partition = 0; partition < 8; partition++) {
                KeyMerge merge = reader.open(partition);
                while (merge.nextKey()) {
                    if (random.nextBoolean()) {
                        assertThat(merge.repeatedMarks()).isEqualTo(repeated(expected.get(merge.key())));
                    }
                    assertThat(found.put(merge.key(), rows(merge))).isNull();
                }
            }
            reader.close();
            assertThat(found).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void aRowThatIsAddedTwiceIsMetOnce() throws IOException {
        Spilling spilling = new Spilling(1, folder);
        try (KeySorter sorter = new KeySorter(new RowSchema(List.of()), 1, null, spilling)) {
            for (int i = 0; i < 1_000; i++) {
                sorter.add("k", i % 300, 0, i % 300);
            }
            PartitionReader reader = sorter.sorted().reader(spilling);
            List<Long> moments = new ArrayList<>();
            for (int partition = 0; partition < 2; partition++) {
                KeyMerge merge = reader.open(partition);
                while (merge.nextKey()) {
                    while (merge.nextRow()) {
                        moments.add(merge.moment());
                    }
                }
            }
            reader.close();
            assertThat(moments).hasSize(300).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void valuesMayComeBehindTheirRows() throws IOException {
        RowSchema one = new RowSchema(List.of(new Column("n", ColumnType.INT64)));
        Spilling spilling = new Spilling(1 << 20, folder);
        try (KeySorter sorter = new KeySorter(one, 1, null, spilling)) {
            for (int batch = 0; batch < 5; batch++) {
                for (int i = 0; i < 700; i++) {
                    sorter.add(7, i, batch, 0);
                }
                for (int i = 0; i < 700; i++) {
                    sorter.column(0).appendWord(1_000 * batch + i);
                }
                sorter.collected();
            }
            int partition = (int) (KeyHash.of(7) >>> Long.SIZE - 1);
            try (PartitionReader reader = sorter.sorted().reader(spilling)) {
                KeyMerge merge = reader.open(partition);
                assertThat(merge.nextKey()).isTrue();
                for (int row = 0; row < 5 * 700; row++) {
                    assertThat(merge.nextRow()).isTrue();
                    assertThat(merge.word(0)).isEqualTo(1_000 * merge.channel() + merge.moment());
                }
                assertThat(merge.nextRow()).isFalse();
            }
        }
    }

    @Test
    void whatIsSpilledHasNoName() throws IOException {
        try (KeySorter sorter = new KeySorter(PAYLOAD, 1, null, new Spilling(1, folder))) {
            for (Told row : random(new Random(1))) {
                add(row, sorter);
            }
            assertThat(sorter.spilledBytes()).isPositive();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
        }
    }

    private static List<Told> random(Random random) {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String key = random.nextInt(10) == 0
                    ? ODD_KEYS.get(random.nextInt(ODD_KEYS.size()))
                    : random.nextInt(3) == 0 ? "hot" : "k" + random.nextInt(200);
            long moment = random.nextInt(50) == 0 ? random.nextLong() : random.nextInt(500);
            told.add(new Told(key, moment, random.nextInt(3), i, values(random)));
        }
        return told;
    }

    private static List<Object> values(Random random) {
        List<Object> values = new ArrayList<>(List.of(
                random.nextLong(),
                Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL),
                random.nextBoolean(),
                random.nextInt(3) == 0 ? "text \ud83d\ude00 " + random.nextInt(5) : "plain",
                random.nextLong()));
        values.set(random.nextInt(values.size()), "null");
        return values;
    }

    private static void add(Told row, KeySorter sorter) throws IOException {
        for (int slot = 0; slot < PAYLOAD.size(); slot++) {
            Object value = row.values.get(slot);
            if (value.equals("null")) {
                sorter.column(slot).appendNull();
            } else if (value instanceof String text) {
                sorter.column(slot).appendString(text);
            } else if (value instanceof Double number) {
                sorter.column(slot).appendDouble(number);
            } else {
                sorter.column(slot).appendWord(value instanceof Boolean truth ? truth ? 1 : 0 : (Long) value);
            }
        }
        if (KeyHash.isNumber(row.key) && row.place % 2 == 0) {
            sorter.add(Long.parseLong(row.key), row.moment, row.channel, row.place);
        } else {
            sorter.add(row.key, row.moment, row.channel, row.place);
        }
    }

    private static List<Told> rows(KeyMerge merge) throws IOException {
        List<Told> rows = new ArrayList<>();
        while (merge.nextRow()) {
            List<Object> values = new ArrayList<>();
            for (int slot = 0; slot < PAYLOAD.size(); slot++) {
                values.add(merge.isNull(slot) ? "null" : value(merge, slot));
            }
            rows.add(new Told(merge.key(), merge.moment(), merge.channel(), merge.place(), values));
        }
        return rows;
    }

    private static Object value(KeyMerge merge, int slot) {
        return switch (PAYLOAD.column(slot).type()) {
            case STRING, JSON -> merge.string(slot);
            case FLOAT64 -> Double.longBitsToDouble(merge.word(slot));
            case BOOL -> merge.word(slot) != 0;
            case INT64, TIMESTAMP -> merge.word(slot);
        };
    }

    private static Set<Long> repeated(List<Told> rows) {
        Set<Long> seen = new HashSet<>();
        Set<Long> repeated = new HashSet<>();
        rows.forEach(row -> {
            if (!seen.add(mark(row))) {
                repeated.add(mark(row));
            }
        });
        return repeated;
    }

    /** Of the text, so that marks repeat; of the place where there is none. */
    private static long mark(Told row) {
        return row.values.get(3).equals("null") ? -row.place : row.values.get(3).hashCode();
    }

    private static long mark(List<ColumnBuffer> columns, int row, int channel, long place) {
        return columns.get(3).isNull(row) ? -place : columns.get(3).string(row).hashCode();
    }
}
