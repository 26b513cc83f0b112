package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.jobs.TestFlights;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class StateSizesTest {
    private static final int MAX_PARALLELISM = 128;
    private static final List<StageView> VIEWS = TestFlights.originViews();

    @Test
    void whatGrowsAndShrinksIsCountedOnce() {
        StateSizes sizes = new StateSizes(VIEWS, new KeyGroupRange(0, 127), MAX_PARALLELISM);

        sizes.changed(0, "ORD", -1, 100);
        sizes.changed(0, "LAX", -1, 50);
        sizes.changed(0, "ORD", 100, 30);

        assertThat(sizes.keys(0)).isEqualTo(2);
        assertThat(sizes.bytes(0)).isEqualTo(80);
    }

    @Test
    void sumsStayExactWhenTheParallelismChanges() {
        StateSizes whole = new StateSizes(VIEWS, new KeyGroupRange(0, 127), MAX_PARALLELISM);
        for (int key = 0; key < 1_000; key++) {
            whole.changed(0, "K" + key, -1, key);
        }

        List<ViewSize> again = new ArrayList<>();
        long keys = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            KeyGroupRange range =
                    KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(MAX_PARALLELISM, 3, subtask);
            StateSizes part = new StateSizes(VIEWS, range, MAX_PARALLELISM);
            part.restore(whole.snapshot());
            keys += part.keys(0);
            again.addAll(part.snapshot());
        }

        assertThat(keys).isEqualTo(1_000);
        assertThat(again).containsExactlyElementsOf(whole.snapshot());
        assertThat(again.stream().mapToLong(ViewSize::bytes).sum()).isEqualTo(999L * 1_000 / 2);
    }

    @Test
    void aViewThatIsNotThereAnyMoreIsLeftOut() {
        StateSizes sizes = new StateSizes(VIEWS, new KeyGroupRange(0, 127), MAX_PARALLELISM);

        sizes.restore(List.of(
                new ViewSize("gone@1", 3, 7, 70), new ViewSize(VIEWS.get(0).stateName(), 3, 2, 20)));

        assertThat(sizes.keys(0)).isEqualTo(2);
        assertThat(sizes.snapshot()).hasSize(1);
    }
}
