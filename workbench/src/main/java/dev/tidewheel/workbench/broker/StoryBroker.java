package dev.tidewheel.workbench.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker with its controller in one JVM, for a replay: records keep the story's own timestamps, however old, and
 * nothing expires.
 */
public final class StoryBroker implements AutoCloseable {
    /** One machine has one cluster; the id only has to be the same at every start. */
    private static final String CLUSTER_ID = "dGlkZXdoZWVsLXN0b3J5MQ";

    private static final int NODE = 1;

    private final KafkaRaftServer server;

    private StoryBroker(KafkaRaftServer server) {
        this.server = server;
    }

    /**
     * Formats the directory if it is new, and starts.
     *
     * @throws Exception whatever Kafka throws while it starts
     */
    public static StoryBroker start(BrokerConfig config) throws Exception {
        Files.createDirectories(config.directory());
        format(config.directory());
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties(config)), Time.SYSTEM);
        server.startup();
        return new StoryBroker(server);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path directory) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(NODE)
                .setClusterId(CLUSTER_ID)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties properties(BrokerConfig config) {
        Properties properties = new Properties();
        properties.putAll(network(config));
        properties.putAll(STORY);
        properties.putAll(ONE_BROKER);
        properties.put("log.dirs", config.directory().toString());
        return properties;
    }

    private static Map<String, Object> network(BrokerConfig config) {
        Map<String, Object> properties = new HashMap<>();
        String client = "PLAINTEXT://" + config.host() + ":" + config.port();
        String controller = config.host() + ":" + config.controllerPort();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE));
        properties.put("listeners", client + ",CONTROLLER://" + controller);
        properties.put("advertised.listeners", client);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.quorum.voters", NODE + "@" + controller);
        return properties;
    }

    /** A record of 2001 must be accepted, keep its timestamp, and not be deleted for its age. */
    private static final Map<String, String> STORY = Map.of(
            "log.message.timestamp.type", "CreateTime",
            "log.message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE),
            "log.retention.ms", "-1",
            "log.retention.bytes", "-1",
            // Segments roll by the record's own time too: without this, a month of story makes many small files.
            "log.roll.ms", Long.toString(Long.MAX_VALUE));

    /** One broker has nobody to replicate to, and few cores. */
    private static final Map<String, String> ONE_BROKER = Map.ofEntries(
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // Nobody takes over from the only broker: it stops at once.
            Map.entry("controlled.shutdown.enable", "false"),
            // After a crash, the controller lets the broker come back only when its old session has ended.
            Map.entry("broker.session.timeout.ms", "4000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("num.io.threads", "4"),
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304"));
}
