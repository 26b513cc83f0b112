package dev.tidewheel.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server for the tests of one class: {@code redis-server} of the PATH, else the binary that embedded-redis
 * carries; without persistence, on a free port of the loopback interface. If neither runs here, the tests are skipped
 * and say so.
 */
public final class RedisServerFixture implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private static final long START_DEADLINE_MILLIS = 10_000;

    private final List<String> options;
    private final Map<String, String> environment;
    private final int port = freePort();
    private @Nullable Path directory;
    private volatile @Nullable Process server;

    /**
     * @param options more of the server's options, such as {@code "--cluster-enabled", "yes"}
     */
    public RedisServerFixture(String... options) {
        this(Map.of(), options);
    }

    private RedisServerFixture(Map<String, String> environment, String... options) {
        this.environment = Map.copyOf(environment);
        this.options = List.of(options);
    }

    /** A server that runs with more environment variables. */
    public static RedisServerFixture withEnvironment(Map<String, String> environment) {
        return new RedisServerFixture(environment);
    }

    /** The server's address: the same one over all starts. */
    public URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    public int port() {
        return port;
    }

    /** Starts an empty server, and waits until it answers. */
    public void start() {
        @Nullable IOException failure = null;
        for (String binary : binaries()) {
            try {
                server = launch(binary);
                awaitAnswer();
                return;
            } catch (IOException e) {
                failure = e;
                kill();
            }
        }
        Assumptions.abort("no Redis server runs here, neither redis-server of the PATH nor the embedded binary"
                + " (it needs libssl.so.3): " + failure);
    }

    /** As {@code kill -9}: nothing is saved. */
    public void kill() {
        if (server != null) {
            server.destroyForcibly().onExit().join();
            server = null;
        }
    }

    /** Whether it was started and not killed since. */
    public boolean isRunning() {
        return server != null;
    }

    /** Stops answering without closing connections, until {@link #resume}. */
    public void suspend() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(running().pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends one inline command, and returns the first line of the answer. For what the store itself must not do. */
    public String command(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                request.append("$").append(word.getBytes(StandardCharsets.UTF_8).length);
                request.append("\r\n").append(word).append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            for (int c = socket.getInputStream().read(); c >= 0 && c != '\r'; ) {
                line.append((char) c);
                c = socket.getInputStream().read();
            }
            return line.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("redis at port " + port + ": " + Arrays.toString(words), e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Kills the server and removes what it left. */
    @Override
    public void close() {
        kill();
        try {
            removeDirectory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void removeDirectory() throws IOException {
        if (directory != null) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Process running() {
        if (server == null) {
            throw new IllegalStateException("the server is not running");
        }
        return server;
    }

    private Process launch(String binary) throws IOException {
        if (directory == null) {
            directory = Files.createTempDirectory("redis");
        }
        List<String> command = new ArrayList<>(List.of(binary, "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_DEADLINE_MILLIS);
        while (running().isAlive() && System.nanoTime() < deadline) {
            if (answers("+PONG", "PING")) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        throw new IOException("did not answer within " + START_DEADLINE_MILLIS + " ms; its output: "
                + Files.readString(Objects.requireNonNull(directory).resolve("redis.log")));
    }

    private boolean answers(String expected, String... words) {
        try {
            return command(words).startsWith(expected);
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** Makes a server that was started with {@code --cluster-enabled yes} the only member of a cluster. */
    public void becomeCluster() {
        List<String> assignment = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(0, 16_384).mapToObj(Integer::toString).forEach(assignment::add);
        command(assignment.toArray(String[]::new));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_DEADLINE_MILLIS);
        while (!answers("+OK", "SET", "cluster-is-up", "1")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no cluster: " + command("SET", "cluster-is-up", "1"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        command("DEL", "cluster-is-up");
    }

    private static List<String> binaries() {
        List<String> binaries = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path binary = Path.of(folder, "redis-server");
            if (Files.isExecutable(binary)) {
                binaries.add(binary.toString());
            }
        }
        binaries.add(Embedded.BINARY);
        return binaries;
    }

    /** Unpacked once per JVM. */
    private static final class Embedded {
        static final String BINARY = unpack();

        private static String unpack() {
            try {
                return ExecutableProvider.newJarResourceProvider().get().getPath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A member of a cluster also listens at its port + 10,000, which must be a port too. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();
            return port <= 55_535 ? port : freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
