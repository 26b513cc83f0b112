package dev.tidewheel.feature.row;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowTest {
    /** Infinity − infinity is a negative NaN on x86, and a positive one where the compiler computed it beforehand. */
    @Test
    void thereIsOneNaN() {
        Row positive = new Row(1).setDouble(0, Double.longBitsToDouble(0x7FF8000000000000L));
        Row negative = new Row(1).setDouble(0, Double.longBitsToDouble(0xFFF8000000000000L));
        Row payload = new Row(1).setDouble(0, Double.longBitsToDouble(0x7FF0000000000001L));
        assertThat(negative).isEqualTo(positive).isEqualTo(payload);
    }

    @Test
    void zeroKeepsItsSign() {
        assertThat(new Row(1).setDouble(0, -0.0)).isNotEqualTo(new Row(1).setDouble(0, 0.0));
    }
}
