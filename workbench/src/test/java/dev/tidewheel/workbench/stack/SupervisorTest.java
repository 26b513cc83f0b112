package dev.tidewheel.workbench.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    private Path folder;

    private PidFiles pids;
    private Supervisor supervisor;

    @BeforeEach
    void start() {
        pids = new PidFiles(folder.resolve("pids"));
        supervisor = new Supervisor(folder.resolve("logs"), pids);
    }

    @AfterEach
    void noChildIsLeft() throws Exception {
        List<PidFiles.Remembered> before = pids.running();
        supervisor.close();
        for (PidFiles.Remembered remembered : before) {
            remembered.process().onExit().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(pids.running()).isEmpty();
    }

    @Test
    void bringsBackWhatDies() throws Exception {
        CountDownLatch twiceReady = new CountDownLatch(2);
        supervisor.start(child("child", "exec sleep 1000", () -> {
            twiceReady.countDown();
            return Optional.empty();
        }));
        long first = pidOf("child");

        supervisor.kill("child");

        assertThat(twiceReady.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(pidOf("child")).isNotEqualTo(first);
        assertThat(supervisor.restarts()).containsEntry("child", 1);
        assertThat(supervisor.failure()).isEmpty();
    }

    @Test
    void bringsBackWhatDiesWhileItComesBack() throws Exception {
        Path starts = folder.resolve("starts");
        CountDownLatch back = new CountDownLatch(1);
        String diesAtItsSecondStart = "echo x >> " + starts + "; [ $(wc -l < " + starts + ") = 2 ] || exec sleep 1000";
        supervisor.start(child("child", diesAtItsSecondStart, () -> {
            if (lines(starts) == 3) {
                back.countDown();
            }
            return lines(starts) % 2 == 1 ? Optional.empty() : Optional.of("not an odd start");
        }));

        supervisor.kill("child");

        assertThat(back.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.restarts()).containsEntry("child", 2);
        assertThat(supervisor.failure()).isEmpty();
    }

    @Test
    void doesNotBringBackWhatIsStopped() throws Exception {
        supervisor.start(child("child", "exec sleep 1000", Optional::empty));
        supervisor.stop("child");

        assertThat(pids.running()).isEmpty();
        assertThat(supervisor.restarts()).isEmpty();
    }

    @Test
    void aChildThatEndsTooEarlyIsToldWithTheEndOfItsLog() {
        assertThatThrownBy(() -> supervisor.start(
                        child("child", "echo the reason; exit 7", () -> Optional.of("nobody answers"))))
                .isInstanceOf(ProcessFailedException.class)
                .hasMessageContaining("child ended with exit code 7 before it was ready")
                .hasMessageContaining("the reason");
    }

    @Test
    void aChildThatIsNeverReadyIsToldWithWhatWasSeen() {
        ProcessSpec spec = new ProcessSpec(
                "child",
                List.of("sleep", "1000"),
                Map.of(),
                () -> Optional.of("nobody answers"),
                Duration.ZERO,
                Duration.ofSeconds(5));

        assertThatThrownBy(() -> supervisor.start(spec))
                .isInstanceOf(ProcessFailedException.class)
                .hasMessageContaining("nobody answers");
    }

    @Test
    void killsWhatDoesNotEnd() throws Exception {
        Path trapped = folder.resolve("trapped");
        supervisor.start(new ProcessSpec(
                "stubborn",
                List.of("sh", "-c", "trap '' TERM; touch " + trapped + "; while :; do sleep 1000; done"),
                Map.of(),
                () -> Files.exists(trapped) ? Optional.empty() : Optional.of("no trap yet"),
                Duration.ofSeconds(DEADLINE_SECONDS),
                Duration.ofMillis(1)));

        supervisor.stop("stubborn");

        assertThat(pids.running()).isEmpty();
    }

    @Test
    void aLaterStartFindsAndEndsWhatWasLeft() throws Exception {
        Process left = new ProcessBuilder("sleep", "1000").start();
        pids.remember("left", left.toHandle());

        List<PidFiles.Remembered> running = new PidFiles(folder.resolve("pids")).running();
        assertThat(running).hasSize(1);
        pids.end(running.get(0));

        assertThat(left.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aProcessThatOnlyHasTheSamePidIsNotTouched() throws Exception {
        Files.createDirectories(folder.resolve("pids"));
        Files.writeString(folder.resolve("pids/old"), ProcessHandle.current().pid() + " 12345");

        assertThat(pids.running()).isEmpty();
    }

    private static int lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long pidOf(String name) {
        return pids.running(name).orElseThrow().pid();
    }

    private static ProcessSpec child(String name, String script, Readiness readiness) {
        return new ProcessSpec(
                name,
                List.of("sh", "-c", script),
                Map.of(),
                readiness,
                Duration.ofSeconds(DEADLINE_SECONDS),
                Duration.ofSeconds(5));
    }
}
