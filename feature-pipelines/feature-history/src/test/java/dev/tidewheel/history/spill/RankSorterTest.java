package dev.tidewheel.history.spill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankSorterTest {
    private static final RowSchema PAYLOAD =
            new RowSchema(List.of(new Column("n", ColumnType.INT64), new Column("s", ColumnType.STRING)));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 1000", "16384, 1", "100000, 1", "100000, 1000000000"})
    void rowsComeBackByRank(int ranks, long budget) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Integer> shuffled = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            shuffled.add(rank);
        }
        Collections.shuffle(shuffled, random);
        Spilling spilling = new Spilling(budget, folder);
        try (RankSorter first = new RankSorter(PAYLOAD, ranks, spilling);
                RankSorter second = new RankSorter(PAYLOAD, ranks, spilling)) {
            for (int rank : shuffled) {
                if (rank % 5 != 3) {
                    add(rank, random.nextBoolean() ? first : second);
                }
            }
            RankedRows rows = new RankedRows(PAYLOAD, List.of(first, second));
            for (int rank = 0; rank < ranks; rank++) {
                assertThat(rows.goTo(rank)).as("rank %d, seed %d", rank, seed).isEqualTo(rank % 5 != 3);
                if (rank % 5 != 3) {
                    assertThat(rows.word(0)).isEqualTo(3L * rank);
                    assertThat(rows.isNull(1)).isEqualTo(rank % 2 == 0);
                    assertThat(rank % 2 == 0 ? "" : rows.string(1)).isEqualTo(rank % 2 == 0 ? "" : "r" + rank);
                }
            }
        }
    }

    private static void add(int rank, RankSorter to) throws IOException {
        to.column(0).appendWord(3L * rank);
        if (rank % 2 == 0) {
            to.column(1).appendNull();
        } else {
            to.column(1).appendString("r" + rank);
        }
        to.add(rank);
    }
}
