package dev.tidewheel.workbench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void ticksAreRound() {
        assertThat(new Scale(0, 0.4, 0, 100).ticks(5))
                .hasSize(5)
                .last()
                .satisfies(last -> assertThat(last).isCloseTo(0.4, within(1e-9)));
        assertThat(new Scale(0.66, 0.8, 0, 100).ticks(6))
                .first()
                .satisfies(first -> assertThat(first).isCloseTo(0.7, within(1e-9)));
        assertThat(new Scale(0, 7, 0, 100).ticks(7)).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0);
    }

    @Test
    void mapsBothEnds() {
        Scale upwards = new Scale(10, 20, 200, 0);
        assertThat(upwards.at(10)).isEqualTo(200);
        assertThat(upwards.at(20)).isEqualTo(0);
        assertThat(upwards.at(15)).isEqualTo(100);
    }

    @Test
    void refusesAnEmptyRange() {
        assertThatThrownBy(() -> new Scale(1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Scale(0, Double.NaN, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
