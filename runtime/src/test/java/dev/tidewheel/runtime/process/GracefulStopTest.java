package dev.tidewheel.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class GracefulStopTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<String> closed = new CopyOnWriteArrayList<>();

    @Test
    void closesInReverseOrderOnce() throws Exception {
        GracefulStop stop = GracefulStop.manual("test", LONG);
        stop.closing("first", () -> closed.add("first"));
        stop.closing("failing", () -> {
            throw new IllegalStateException("on purpose");
        });
        stop.closing("last", () -> closed.add("last"));
        stop.close();
        stop.close();
        stop.awaitStop();
        assertThat(closed).containsExactly("last", "first");
    }

    @Test
    void closesWhatComesTooLate() {
        GracefulStop stop = GracefulStop.manual("test", LONG);
        stop.close();
        assertThatIllegalStateException().isThrownBy(() -> stop.closing("late", () -> closed.add("late")));
        assertThat(closed).containsExactly("late");
    }

    @Test
    void leavesBehindWhatHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        GracefulStop stop = GracefulStop.manual("test", Duration.ofMillis(50));
        stop.closing("hanging", never::await);
        stop.close();
        never.countDown();
    }
}
