package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.replay.Asker;
import dev.tidewheel.workbench.replay.PlatformTarget;
import dev.tidewheel.workbench.replay.Position;
import dev.tidewheel.workbench.replay.Replay;
import dev.tidewheel.workbench.terminal.Terminal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One line that tells how a replay goes on, several times a second, until it is closed. */
final class LiveStatus implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;
    private static final DateTimeFormatter STORY = DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH);

    private final Terminal terminal;
    private final Replay replay;
    private final PlatformTarget target;
    private final Asker asker;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "status");
        thread.setDaemon(true);
        return thread;
    });
    private final Position first;
    private final long began = System.nanoTime();

    LiveStatus(Terminal terminal, Replay replay, PlatformTarget target, Asker asker) {
        this.terminal = terminal;
        this.replay = replay;
        this.target = target;
        this.asker = asker;
        this.first = replay.position();
        var unused = timer.scheduleAtFixedRate(this::show, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void show() {
        Position position = replay.position();
        if (position.questions() == first.questions()) {
            return;
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        terminal.status(String.format(
                Locale.ROOT,
                "%s   %,.0f events/s   %,.0f requests/s   p99 %.1f ms   fresh in %.1f ms",
                STORY.format(LocalDateTime.ofEpochSecond(position.now() / 1000, 0, ZoneOffset.UTC)),
                (position.events() - first.events()) / seconds,
                (position.questions() - first.questions()) / seconds,
                asker.latency().getValueAtPercentile(99) / 1e6,
                target.freshness().getValueAtPercentile(50) / 1e6));
    }
}
