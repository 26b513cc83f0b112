package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSortTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sortsAsTheLibraryDoes(long seed) {
        Random random = new Random(seed);
        for (int size = 0; size < 300; size++) {
            // Few values: what nobody can tell apart has to stay in its order.
            int[] values = random.ints(size, 0, 1 + random.nextInt(2 + size)).toArray();
            int[] rows = shuffled(size, random);
            List<Integer> expected = IntStream.of(rows)
                    .boxed()
                    .sorted(Comparator.comparingInt(row -> values[row]))
                    .toList();
            RowSort sort = new RowSort((left, right) -> Integer.compare(values[left], values[right]));

            sort.sort(rows);

            assertThat(IntStream.of(rows).boxed().toList())
                    .as("seed %d, %d rows", seed, size)
                    .isEqualTo(expected);
        }
    }

    private static int[] shuffled(int size, Random random) {
        int[] rows = IntStream.range(0, size).toArray();
        for (int at = size - 1; at > 0; at--) {
            int other = random.nextInt(at + 1);
            int row = rows[at];
            rows[at] = rows[other];
            rows[other] = row;
        }
        return rows;
    }
}
