package dev.tidewheel.drift.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AlertsTest {
    /** Receivers remember ids: they may never change. */
    @Test
    void theIdIsPinned() {
        assertThat(Alerts.id(
                        "daily", "drift", "late-arrival", "1", "origin_delays.mean_delay_24h", "all", 981_158_400_000L))
                .isEqualTo("d676c3e62a8df54399c18dbd6e74c4dacea0c0aa963e544efa0c3c7dc247b3b4");
    }

    @Test
    void partsDoNotRunIntoEachOther() {
        assertThat(Alerts.id("ab", "c", "m", "1", "f", "all", 0))
                .isNotEqualTo(Alerts.id("a", "bc", "m", "1", "f", "all", 0));
    }
}
