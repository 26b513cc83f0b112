package dev.tidewheel.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a connection ends. */
final class RedisLinkTest {
    @RegisterExtension
    static final RedisServerFixture REDIS = new RedisServerFixture();

    private static final Duration PATIENT = Duration.ofSeconds(20);

    /** As a job's subtask ends that is cancelled. */
    @Test
    void leavesNoThreadsBehindAnInterrupt() throws Exception {
        Set<Thread> before = ofLettuce();
        AtomicReference<Set<Thread>> opened = new AtomicReference<>();
        Thread subtask = new Thread(() -> {
            RedisLink link = RedisLink.open(new RedisStoreConfig(REDIS.uri(), "test", PATIENT));
            opened.set(ofLettuce());
            Thread.currentThread().interrupt();
            link.close();
        });
        subtask.start();
        subtask.join();

        Set<Thread> its = opened.get();
        its.removeAll(before);
        assertThat(its).isNotEmpty();
        for (Thread thread : its) {
            thread.join(PATIENT.toMillis());
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    private static Set<Thread> ofLettuce() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce"))
                .collect(Collectors.toSet());
    }
}
