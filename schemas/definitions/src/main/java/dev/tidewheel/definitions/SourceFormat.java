package dev.tidewheel.definitions;

import java.util.Arrays;
import java.util.List;

/** How the records of a topic are written. */
public enum SourceFormat {
    /** Avro of the source's schema, without a header. */
    AVRO("avro"),
    /** A zero byte, the writer's schema id in a registry, then Avro of that schema. */
    AVRO_REGISTRY("avro-registry"),
    /** One JSON object per record, its fields by name. */
    JSON("json"),
    /** One change event per record, as Debezium writes them in JSON: a row before, a row after. */
    DEBEZIUM("debezium"),
    /** The same as Kafka Connect's AvroConverter writes it: the header of AVRO_REGISTRY, then the envelope. */
    DEBEZIUM_AVRO("debezium-avro");

    private final String word;

    SourceFormat(String word) {
        this.word = word;
    }

    /** As it is written. */
    public String word() {
        return word;
    }

    /** Whether a record tells of a row that changed, not of an event that happened. */
    public boolean isOfChanges() {
        return this == DEBEZIUM || this == DEBEZIUM_AVRO;
    }

    /** All words. */
    static List<String> words() {
        return Arrays.stream(values()).map(SourceFormat::word).toList();
    }

    /**
     * @throws IllegalArgumentException if there is no such format, which a definition's shape rules out
     */
    static SourceFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no format is called '" + word + "'"));
    }
}
