package dev.tidewheel.workbench.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewheel.workbench.WorkbenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job, told by a cluster that answers as Flink does. */
class ClusterJobTest {
    private static final String JOB = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private final Deque<String> states = new ArrayDeque<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer cluster;
    private Thread following;

    @BeforeEach
    void start() throws IOException {
        cluster = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cluster.createContext("/", this::answer);
        cluster.start();
        Files.writeString(folder.resolve("job.jar"), "a jar");
    }

    @AfterEach
    void stop() {
        cluster.stop(0);
    }

    @Test
    void itReturnsWhenTheJobHasEnded() throws Exception {
        states.addAll(List.of("CREATED", "RUNNING", "503", "RUNNING", "FINISHED"));

        run();

        assertThat(states).isEmpty();
        assertThat(asked).first().isEqualTo("POST /v1/jars/upload");
    }

    @Test
    void itSaysWhyAJobHasFailed() {
        states.addAll(List.of("RUNNING", "FAILED"));

        assertThatThrownBy(this::run)
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("is FAILED: the disk is full");
    }

    @Test
    void itSaysWhyAJobIsRefused() {
        states.add("no jar");

        assertThatThrownBy(this::run)
                .isInstanceOf(WorkbenchException.class)
                .hasMessageContaining("refused the job")
                .hasMessageContaining("no such class");
    }

    @Test
    void whoeverIsInterruptedLeavesNoJobBehind() {
        states.addAll(List.of("RUNNING", "interrupt"));
        following = Thread.currentThread();

        assertThatThrownBy(this::run).isInstanceOf(InterruptedException.class);
        assertThat(asked).last().isEqualTo("PATCH /v1/jobs/" + JOB + "?mode=cancel");
    }

    private void run() throws InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + cluster.getAddress().getPort());
        new ClusterJob(address).run(folder.resolve("job.jar"), folder.resolve("job.yaml"));
    }

    private void answer(HttpExchange call) throws IOException {
        String path = call.getRequestURI().toString();
        asked.add(call.getRequestMethod() + " " + path);
        call.getRequestBody().readAllBytes();
        if (path.endsWith("/upload")) {
            send(call, 200, "{\"filename\": \"/tmp/1_job.jar\"}");
        } else if (path.endsWith("/run") && "no jar".equals(states.peek())) {
            send(call, 400, "{\"errors\": [\"no such class\"]}");
        } else if (path.endsWith("/run")) {
            send(call, 200, "{\"jobid\": \"" + JOB + "\"}");
        } else if (path.endsWith("/status")) {
            status(call, states.remove());
        } else if (path.endsWith("/exceptions")) {
            send(call, 200, "{\"exceptionHistory\": {\"entries\": [{\"stacktrace\": \"the disk is full\"}]}}");
        } else {
            send(call, 202, "{}");
        }
    }

    private void status(HttpExchange call, String state) throws IOException {
        if (state.equals("503")) {
            send(call, 503, "starting");
            return;
        }
        send(call, 200, "{\"status\": \"" + (state.equals("interrupt") ? "RUNNING" : state) + "\"}");
        if (state.equals("interrupt")) {
            following.interrupt();
        }
    }

    private static void send(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(status, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }
}
