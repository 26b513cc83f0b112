package dev.tidewheel.runtime.kafka;

import dev.tidewheel.runtime.config.KafkaConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Kafka broker in this JVM: KRaft, broker and controller in one, on free ports, in a temporary folder.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();
 * }</pre>
 *
 * <p>Or without JUnit: {@code start()} and {@code close()}. {@code stop()} followed by {@code start()} is a restart on the
 * same port with the same data. Topics keep the time that producers give their records, for ever. A module that uses this
 * needs Kafka's server jars in test scope, as runtime's POM lists them.
 */
public final class KafkaBrokerFixture implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final Path folder;
    private final Map<String, String> more;
    private int brokerPort;
    private int controllerPort;
    private KafkaRaftServer server;

    public KafkaBrokerFixture() {
        this(Map.of());
    }

    /** @param more of the broker's properties */
    public KafkaBrokerFixture(Map<String, String> more) {
        this.more = Map.copyOf(more);
        try {
            folder = Files.createTempDirectory("tidewheel-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** Starts the broker, or starts it again. */
    public void start() {
        RuntimeException last = null;
        for (int attempt = 0; attempt < ATTEMPTS && server == null; attempt++) {
            last = tryStart();
        }
        if (server == null) {
            throw new IllegalStateException("the broker did not start in " + ATTEMPTS + " attempts", last);
        }
    }

    /** Stops the broker; its data stay. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Stops the broker and deletes its data. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(KafkaBrokerFixture::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where its data lie. */
    public Path folder() {
        return folder;
    }

    /** {@code host:port} for clients. */
    public String bootstrap() {
        return "localhost:" + brokerPort;
    }

    public KafkaConfig config() {
        return new KafkaConfig(bootstrap());
    }

    /** Creates a topic that keeps everything; one that exists already must have the same partitions. */
    public void createTopic(String name, int partitions) {
        create(Topics.replayed(name, partitions));
    }

    public void create(TopicSpec... topics) {
        new TopicCreator(config(), Duration.ofSeconds(60)).ensure(List.of(topics));
    }

    /** Creates all of Tidewheel's own topics. */
    public void createOwnTopics() {
        create(Topics.all().toArray(TopicSpec[]::new));
    }

    private RuntimeException tryStart() {
        if (brokerPort == 0) {
            brokerPort = freePort();
            controllerPort = freePort();
        }
        KafkaRaftServer starting = null;
        try {
            format();
            starting = new KafkaRaftServer(new kafka.server.KafkaConfig(properties()), Time.SYSTEM);
            starting.startup();
            server = starting;
            return null;
        } catch (RuntimeException e) {
            if (starting != null) {
                starting.shutdown();
            }
            return e;
        }
    }

    private void format() {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(output, true, StandardCharsets.UTF_8))
                    .setNodeId(1)
                    .setClusterId(Uuid.ZERO_UUID.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.resolve("log").toString())
                    .addDirectory(folder.resolve("log").toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("formatting failed: " + output.toString(StandardCharsets.UTF_8), e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@localhost:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry(
                        "listeners", "BROKER://localhost:" + brokerPort + ",CONTROLLER://localhost:" + controllerPort),
                Map.entry("advertised.listeners", "BROKER://localhost:" + brokerPort),
                Map.entry("inter.broker.listener.name", "BROKER"),
                Map.entry("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", folder.resolve("log").toString()),
                // No test creates topics by a typing error.
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                // Tests that kill a transactional producer wait for the broker to give its transaction up.
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // Records of 2001 must neither be refused nor deleted.
                Map.entry("log.message.timestamp.type", "CreateTime"),
                Map.entry("log.retention.ms", "-1"),
                // Two cores shared with the tests; an index is mapped into memory at its full size.
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("background.threads", "2"),
                Map.entry("log.cleaner.threads", "1"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                Map.entry("log.index.size.max.bytes", "1048576")));
        properties.putAll(more);
        return properties;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
