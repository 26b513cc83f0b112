package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageProgressTest {
    @Test
    void ofSeveralSubtasksOnlyWhatAllHaveIsContained() {
        StageProgress one = StageProgress.of(Map.of(0, 10L, 1, 7L, 2, 3L), 500, 41, "store", List.of("a@1", "b@1"));
        StageProgress two = StageProgress.of(Map.of(0, 9L, 1, 8L), 400, 42, "store", List.of("b@1", "c@1"));

        StageProgress merged = one.merge(two);

        assertThat(merged.cut()).isEqualTo(Map.of(0, 9L, 1, 7L));
        assertThat(merged.watermark()).as("any of them may have freed state").isEqualTo(500);
        assertThat(merged.attempt()).isEqualTo(42);
        assertThat(merged.storeIdentity()).isEqualTo("store");
        assertThat(merged.missing(List.of("a@1", "b@1", "c@1"))).containsExactly("a@1", "c@1");
        assertThat(two.merge(one)).usingRecursiveComparison().isEqualTo(merged);
    }

    @Test
    void differentStoresAgreeWithNone() {
        StageProgress one = StageProgress.of(Map.of(), 0, 1, "a", List.of());
        StageProgress two = StageProgress.of(Map.of(), 0, 1, "b", List.of());

        assertThat(one.merge(two).storeIdentity()).isEqualTo(StageProgress.MIXED);
        assertThat(one.merge(two).merge(one).storeIdentity()).isEqualTo(StageProgress.MIXED);
    }
}
