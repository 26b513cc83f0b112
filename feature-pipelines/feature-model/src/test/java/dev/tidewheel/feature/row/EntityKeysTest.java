package dev.tidewheel.feature.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntityKeysTest {

    @Test
    void differentKeysHaveDifferentTexts() {
        assertThat(EntityKeys.join(List.of("ORD"))).isEqualTo("ORD");
        assertThat(EntityKeys.join(List.of("ORD", "LAX"))).isEqualTo("ORD|LAX");
        assertThat(EntityKeys.join(List.of("a|b", "c"))).isNotEqualTo(EntityKeys.join(List.of("a", "b|c")));
        assertThat(EntityKeys.join(List.of("a\\", "b"))).isNotEqualTo(EntityKeys.join(List.of("a\\|b")));
        assertThat(EntityKeys.join(List.of("", ""))).isEqualTo("|");
    }
}
