package dev.tidewheel.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoreListener;
import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatienceTest {
    private final AtomicInteger retried = new AtomicInteger();
    private final Patience patience = new Patience(Duration.ofSeconds(20), new StoreListener() {
        @Override
        public void retried(Throwable cause) {
            retried.incrementAndGet();
        }
    });

    @ParameterizedTest
    @ValueSource(strings = {"MOVED 3999 127.0.0.1:6381", "CROSSSLOT Keys in request don't hash to the same slot"})
    void aClusterThatIsTakenForOneServerIsNamed(String error) {
        assertThatThrownBy(() -> fail(new RedisCommandExecutionException(error)))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(error)
                .hasMessageContaining("topology: cluster");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOAUTH Authentication required.", "ERR unknown command 'EVALSHA'"})
    void otherRefusalsStayRefusals(String error) {
        assertThatThrownBy(() -> fail(new RedisCommandExecutionException(error)))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(error);
        assertThat(retried).as("repetitions").hasValue(0);
    }

    @Test
    void foreignBytesAreAMatterOfTheFormat() {
        assertThatThrownBy(() -> fail(new RedisCommandExecutionException("TWFORMAT x is not ours")))
                .isInstanceOf(StoreFormatException.class);
    }

    @Test
    void aMistakeOfOursIsNoUnavailability() {
        assertThatThrownBy(() -> fail(new ClassCastException("byte[]")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a mistake in the program");
    }

    @Test
    void aBrokenConnectionIsUnavailability() {
        assertThatThrownBy(() -> fail(new RedisException("Connection closed")))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MISCONF cannot save", "OOM command not allowed", "CLUSTERDOWN Hash slot not served"})
    void whatPassesIsRepeated(String error) {
        AtomicInteger calls = new AtomicInteger();

        String answer = patience.block(
                "asking",
                () -> calls.getAndIncrement() == 0
                        ? CompletableFuture.failedFuture(new RedisCommandExecutionException(error))
                        : CompletableFuture.completedFuture("done"));

        assertThat(answer).isEqualTo("done");
        assertThat(retried).hasValue(1);
    }

    private void fail(Throwable failure) {
        patience.block("asking", () -> CompletableFuture.failedFuture(failure));
    }
}
