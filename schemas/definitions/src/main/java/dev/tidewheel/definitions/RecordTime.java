package dev.tidewheel.definitions;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** When a record itself says that it could first be known, where no column says so. */
public enum RecordTime {
    /** Its Kafka timestamp. */
    KAFKA("_timestamp"),
    /** {@code ts_ms} of a change event's envelope: when the connector read the change. */
    CONNECTOR("_ts_ms"),
    /** {@code source.ts_ms} of a change event's envelope: when the database made the change. */
    DATABASE("_source_ts_ms");

    private final String word;

    RecordTime(String word) {
        this.word = word;
    }

    /** As it is written, and as the raw table's column is called. */
    public String word() {
        return word;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(RecordTime::word).toList();
    }

    static Optional<RecordTime> of(String word) {
        return Arrays.stream(values()).filter(time -> time.word.equals(word)).findFirst();
    }
}
