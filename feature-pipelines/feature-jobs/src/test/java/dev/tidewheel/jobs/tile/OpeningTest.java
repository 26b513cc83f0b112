package dev.tidewheel.jobs.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.records.Frontier;
import dev.tidewheel.store.FeatureWriter;
import dev.tidewheel.store.StoreRefusedException;
import dev.tidewheel.store.StoreUnavailableException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpeningTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch connectionClosed = new CountDownLatch(1);
    private final Closing connection = new Closing(connectionClosed);

    @Test
    void opensWhileTheSubtaskDoesSomethingElse() throws Exception {
        try (Opening opening = Opening.begin("origin", () -> {
            begun.countDown();
            return connection;
        })) {
            begun.await();

            assertThat(opening.await()).isSameAs(connection);
            assertThat(connectionClosed.getCount()).isOne();
        }
        assertThat(connectionClosed.getCount()).isZero();
    }

    @Test
    void passesOnWhatWaitingDoesNotHelp() {
        try (Opening opening = Opening.begin("origin", () -> {
            throw new StoreRefusedException("NOAUTH", null);
        })) {
            assertThatThrownBy(opening::await)
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void closesAConnectionThatComesAfterTheEnd() throws Exception {
        Opening opening = Opening.begin("origin", () -> {
            begun.countDown();
            awaitWhateverHappens(goOn);
            return connection;
        });
        begun.await();

        opening.close();
        goOn.countDown();

        assertThat(connectionClosed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void waitsForAStoreNoLongerThanTheSubtaskLives() throws Exception {
        Opening opening = Opening.begin("origin", () -> {
            begun.countDown();
            throw new StoreUnavailableException("down", null);
        });
        begun.await();

        opening.close();

        assertThatThrownBy(opening::await).isInstanceOf(InterruptedException.class);
    }

    private static void awaitWhateverHappens(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Closing(CountDownLatch closed) implements StageConnector.Connection {
        @Override
        public FeatureWriter writer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<String> storeIdentity() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> publish(Frontier frontier) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
