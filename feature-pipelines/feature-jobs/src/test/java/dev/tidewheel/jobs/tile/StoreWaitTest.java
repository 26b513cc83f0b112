package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoreWaitTest {
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void triesUntilTheStoreAnswers() throws Exception {
        String answer = StoreWait.until("origin", () -> {
            if (tries.incrementAndGet() < 3) {
                throw new StoreUnavailableException("down", null);
            }
            return "up";
        });

        assertThat(answer).isEqualTo("up");
        assertThat(tries).hasValue(3);
    }

    @Test
    void doesNotWaitForWhatWaitingDoesNotHelp() {
        assertThatThrownBy(() -> StoreWait.until("origin", () -> {
                    tries.incrementAndGet();
                    throw new StoreRefusedException("NOAUTH", null);
                }))
                .isInstanceOf(StoreRefusedException.class);
        assertThat(tries).hasValue(1);
    }

    @Test
    void endsWhenTheTaskIsCancelled() {
        assertThatThrownBy(() -> StoreWait.until("origin", () -> {
                    Thread.currentThread().interrupt();
                    throw new StoreUnavailableException("down", null);
                }))
                .isInstanceOf(InterruptedException.class);
    }
}
