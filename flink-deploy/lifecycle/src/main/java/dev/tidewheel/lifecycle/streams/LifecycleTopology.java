package dev.tidewheel.lifecycle.streams;

import dev.tidewheel.records.Alert;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Desired;
import dev.tidewheel.records.LifecycleDecision;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.MetricRow;
import dev.tidewheel.records.Observation;
import dev.tidewheel.runtime.kafka.RecordSerde;
import dev.tidewheel.runtime.kafka.Topics;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * <pre>
 * alerts, metrics, observations, definitions ──► inbox ──► fold ──► decisions, desired
 *                                     ticks (wall) ─┘  ◄── ticks ──┘
 * </pre>
 *
 * Everything is read as bytes and decoded in the processors: a record that nobody can read becomes a dead letter with its
 * place, and no deserialization handler has a say. Stores live in memory with a changelog; no RocksDB is on the class path.
 * Kafka's timestamps are the wall's, whatever time a story tells; the records carry their own.
 */
public final class LifecycleTopology {
    private LifecycleTopology() {}

    /** @param tick how often to tick; empty if somebody else does */
    public static Topology build(Optional<Duration> tick, LifecycleMetrics metrics) {
        Topology topology = new Topology();
        forward(topology, Topics.ALERTS, Alert.class, InboxEvents::of, metrics);
        forward(topology, Topics.METRICS, MetricRow.class, InboxEvents::of, metrics);
        forward(topology, Topics.OBSERVATIONS, Observation.class, InboxEvents::of, metrics);
        Nodes definitions = new Nodes(Topics.DEFINITIONS);
        forward(topology, definitions, () -> new DefinitionForwarder(definitions, metrics));
        topology.addStateStore(store(Nodes.DEFINED), definitions.processor());
        fold(topology, tick, metrics);
        return topology;
    }

    private static <T extends SpecificRecord> void forward(
            Topology topology,
            String topic,
            Class<T> type,
            Function<T, Optional<LifecycleEvent>> toEvent,
            LifecycleMetrics metrics) {
        Nodes nodes = new Nodes(topic);
        forward(topology, nodes, () -> new Forwarder<>(RecordSerde.of(type), toEvent, nodes, metrics));
    }

    /** The topic is called like the nodes' owner. */
    private static void forward(
            Topology topology, Nodes nodes, ProcessorSupplier<byte[], byte[], String, SpecificRecord> processor) {
        topology.addSource(nodes.source(), new ByteArrayDeserializer(), new ByteArrayDeserializer(), nodes.owner());
        topology.addProcessor(nodes.processor(), processor, nodes.source());
        sink(topology, nodes.inbox(), Topics.LIFECYCLE_INBOX, LifecycleEvent.class, nodes);
        sink(topology, nodes.deadLetters(), Topics.DEAD_LETTERS, DeadLetter.class, nodes);
    }

    private static void fold(Topology topology, Optional<Duration> tick, LifecycleMetrics metrics) {
        Nodes nodes = new Nodes(Topics.LIFECYCLE_INBOX);
        forward(topology, nodes, () -> new InboxFold(tick, nodes, metrics));
        topology.addStateStore(store(Nodes.STATES), nodes.processor());
        sink(topology, nodes.decisions(), Topics.LIFECYCLE, LifecycleDecision.class, nodes);
        sink(topology, nodes.desired(), Topics.DESIRED, Desired.class, nodes);
    }

    private static <T extends SpecificRecord> void sink(
            Topology topology, String name, String topic, Class<T> type, Nodes nodes) {
        topology.addSink(
                name, topic, new StringSerializer(), RecordSerde.of(type).serializer(), nodes.processor());
    }

    private static StoreBuilder<KeyValueStore<String, String>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.String());
    }
}
