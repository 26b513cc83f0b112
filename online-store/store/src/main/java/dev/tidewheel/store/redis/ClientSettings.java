package dev.tidewheel.store.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How the client behaves when the server does not. */
final class ClientSettings {
    /** What waits for a lost connection is bounded; more is refused at once. */
    private static final int WAITING_COMMANDS = 100_000;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RECONNECT_FIRST = Duration.ofMillis(20);
    private static final Duration RECONNECT_LAST = Duration.ofSeconds(1);

    private ClientSettings() {}

    /** Two threads: one connection has one event loop. Back after a lost server within about a second. */
    static ClientResources resources() {
        return ClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.fullJitter(RECONNECT_FIRST, RECONNECT_LAST, 20, TimeUnit.MILLISECONDS))
                .build();
    }

    /** Commands that outlive the deadline leave the queues, so that a dead server does not fill the memory. */
    static <B extends ClientOptions.Builder> B apply(B options, Duration deadline) {
        options.socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(deadline))
                .requestQueueSize(WAITING_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled());
        return options;
    }

    static void shutdown(ClientResources resources) {
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
