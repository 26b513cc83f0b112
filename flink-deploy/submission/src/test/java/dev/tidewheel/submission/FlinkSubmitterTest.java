package dev.tidewheel.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FlinkSubmitterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .setConfiguration(
                    new Configuration().set(WebOptions.SUBMIT_ENABLE, true).set(RestOptions.BIND_PORT, "0"))
            .build());

    @TempDir
    Path folder;

    private FlinkSubmitter submitter;

    @BeforeEach
    void connect(@InjectMiniCluster MiniCluster cluster) throws Exception {
        submitter = new FlinkSubmitter(cluster.getRestAddress().get(), PATIENCE);
        submitter.awaitSlots(1, PATIENCE);
    }

    @Test
    void runsAJobStopsItWithASavepointAndStartsItAgainFromThere() throws Exception {
        JobId first = accepted(submitter.submit(counting()));
        submitter.awaitRunning(first, PATIENCE);
        assertThat(submitter.live("counting")).map(JobSummary::id).contains(first);

        String savepoint = submitter.stopWithSavepoint(
                first, folder.resolve("savepoints").toUri().toString(), PATIENCE);

        assertThat(submitter.awaitEnd(first, PATIENCE)).isEqualTo(JobStatus.FINISHED);
        submitter.awaitSlots(1, PATIENCE);
        JobId second = accepted(submitter.submit(counting().from(savepoint)));
        submitter.awaitRunning(second, PATIENCE);
        end(second);
        assertThat(submitter.live("counting")).isEmpty();
    }

    @Test
    void findsTheCheckpointThatACancelledJobLeaves() throws Exception {
        JobId job = accepted(submitter.submit(counting()));
        submitter.awaitRunning(job, PATIENCE);
        String known = awaitCheckpoint(job);
        assertThat(known).contains("/chk-");
        end(job);

        Path retained = RetainedCheckpoints.latest(checkpoints()).orElseThrow();

        submitter.awaitSlots(1, PATIENCE);
        JobId again = accepted(submitter.submit(counting().from(retained.toString())));
        submitter.awaitRunning(again, PATIENCE);
        end(again);
    }

    @Test
    void aRestartTakesTheStateAlong() throws Exception {
        JobId first = accepted(submitter.submit(counting()));
        submitter.awaitRunning(first, PATIENCE);

        JobRestart.Outcome outcome = new JobRestart(submitter, PATIENCE)
                .restart(
                        "counting",
                        counting(),
                        folder.resolve("savepoints").toUri().toString());

        assertThat(outcome).isInstanceOfSatisfying(JobRestart.Outcome.Running.class, running -> {
            assertThat(running.job()).isNotEqualTo(first);
            assertThat(running.savepoint()).contains("savepoints");
        });
        assertThat(submitter.status(first)).isEqualTo(JobStatus.FINISHED);
        end(((JobRestart.Outcome.Running) outcome).job());
    }

    @Test
    void aRestartThatFailsSaysWhereTheStateIs() throws Exception {
        JobId first = accepted(submitter.submit(counting()));
        submitter.awaitRunning(first, PATIENCE);
        Submission failing = new Submission(jar(), CountingJob.class.getName(), List.of("fail"), Optional.empty());
        JobRestart restart = new JobRestart(submitter, PATIENCE);

        JobRestart.Outcome outcome = restart.restart(
                "counting", failing, folder.resolve("savepoints").toUri().toString());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        JobRestart.Outcome.Stopped.class,
                        stopped -> assertThat(stopped.reason()).contains("told to fail"));
        assertThat(submitter.live("counting")).isEmpty();
        submitter.awaitSlots(1, PATIENCE);
        JobRestart.Outcome again = restart.start(counting(), ((JobRestart.Outcome.Stopped) outcome).savepoint());
        assertThat(again).isInstanceOf(JobRestart.Outcome.Running.class);
        end(((JobRestart.Outcome.Running) again).job());
        assertThatThrownBy(() -> restart.restart("counting", counting(), "file:///nowhere"))
                .isInstanceOf(FlinkRefusedException.class)
                .hasMessageContaining("no job counting runs");
    }

    @Test
    void aMainThatThrowsIsRefusedWithItsReason() {
        Submission failing = new Submission(jar(), CountingJob.class.getName(), List.of("fail"), Optional.empty());

        assertThat(submitter.submit(failing))
                .isInstanceOfSatisfying(
                        SubmitOutcome.Refused.class,
                        refused -> assertThat(refused.reason()).contains("told to fail"));
    }

    @Test
    void whatIsNotThereCannotBeFollowed() {
        JobId unknown = new JobId("0123456789abcdef0123456789abcdef");

        assertThatThrownBy(() -> submitter.status(unknown))
                .isInstanceOf(FlinkRefusedException.class)
                .hasMessageContaining("Could not find Flink job");
    }

    @Test
    void withoutAnAnswerTheOutcomeIsUnknown() throws IOException {
        FlinkSubmitter nobody = new FlinkSubmitter(URI.create("http://127.0.0.1:" + freePort()), PATIENCE);

        assertThat(nobody.submit(counting())).isInstanceOf(SubmitOutcome.Unknown.class);
    }

    private String awaitCheckpoint(JobId job) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Optional<String> latest = submitter.latestCheckpoint(job);
        while (latest.isEmpty() && System.nanoTime() < until) {
            latest = submitter.latestCheckpoint(job);
        }
        return latest.orElseThrow(() -> new AssertionError("no checkpoint within " + PATIENCE));
    }

    private void end(JobId job) throws InterruptedException {
        submitter.cancel(job);
        assertThat(submitter.awaitEnd(job, PATIENCE)).isEqualTo(JobStatus.CANCELED);
    }

    private static JobId accepted(SubmitOutcome outcome) {
        assertThat(outcome).isInstanceOf(SubmitOutcome.Accepted.class);
        return ((SubmitOutcome.Accepted) outcome).job();
    }

    private Submission counting() {
        return new Submission(
                jar(), CountingJob.class.getName(), List.of(checkpoints().toString()), Optional.empty());
    }

    private Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    /** A thin jar: the job's class and nothing else. */
    private Path jar() {
        Path jar = folder.resolve("counting.jar");
        String entry = CountingJob.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream bytes = CountingJob.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            bytes.transferTo(out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return jar;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
