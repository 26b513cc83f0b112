package dev.tidewheel.modelserver.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionOrderTest {

    private static final List<String> ORDERED = List.of(
            "01",
            "1",
            "1.9",
            "1.10",
            "2",
            "10",
            "2001-02",
            "2001-10",
            "99999999999999999999",
            "a",
            "a2",
            "a10",
            "b",
            "v1-rc1",
            "v1-rc2");

    @Test
    void numbers_count_as_numbers() {
        for (long seed = 0; seed < 50; seed++) {
            List<String> versions = new ArrayList<>(ORDERED);
            Collections.shuffle(versions, new Random(seed));
            versions.sort(VersionOrder.INSTANCE);
            assertThat(versions).as("seed %d", seed).isEqualTo(ORDERED);
        }
    }
}
