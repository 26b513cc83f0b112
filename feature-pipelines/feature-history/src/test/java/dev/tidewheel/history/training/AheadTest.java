package dev.tidewheel.history.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AheadTest {
    @Test
    void allIsTakenInOrder() throws Exception {
        for (int count : new int[] {0, 1, 4_095, 4_096, 4_097, 20_000}) {
            List<Integer> taken = new ArrayList<>();
            Ahead.run(count, number -> number, taken::add);
            assertThat(taken)
                    .as("%d", count)
                    .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        }
    }

    @Test
    void aFailureOfEitherIsThrownAndNothingIsMadeAfterwards() {
        AtomicInteger made = new AtomicInteger();
        assertThatThrownBy(() -> Ahead.run(
                        50_000,
                        number -> {
                            if (number == 10_000) {
                                throw new IOException("no more of it");
                            }
                            return made.incrementAndGet();
                        },
                        one -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("no more of it");
        assertThat(made).hasValue(10_000);

        made.set(0);
        assertThatThrownBy(() -> Ahead.run(50_000, number -> made.incrementAndGet(), one -> {
                    throw new IllegalStateException("full");
                }))
                .hasMessage("full");
        int then = made.get();
        assertThat(then).isLessThanOrEqualTo(2 * 4_096);
        assertThatThrownBy(() -> Ahead.run(1, number -> Integer.parseInt("x"), one -> {}))
                .isInstanceOf(NumberFormatException.class);
    }
}
