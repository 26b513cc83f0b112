package dev.tidewheel.workbench.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private static final BlockingQueue<String> STARTED = new LinkedBlockingQueue<>();

    /** A main that waits for nobody. */
    public static final class First {
        public static void main(String[] arguments) {
            STARTED.add("first " + List.of(arguments));
        }
    }

    /** Another one. */
    public static final class Second {
        public static void main(String[] arguments) {
            STARTED.add("second " + List.of(arguments));
        }
    }

    @Test
    void runsEachMainWithItsOwnArguments() throws Exception {
        Together.main(new String[] {First.class.getName(), "--config", "a", Together.AND, Second.class.getName()});

        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("first [--config, a]", "second []");
    }

    @Test
    void refusesALineWithoutAMain() {
        assertThatThrownBy(() -> Together.split(new String[] {"Main", Together.AND}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("usage");
    }

    private static String next() throws InterruptedException {
        String started = STARTED.poll(20, TimeUnit.SECONDS);
        return started == null ? "nothing" : started;
    }
}
