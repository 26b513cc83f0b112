package dev.tidewheel.feature.change;

import dev.tidewheel.feature.row.Row;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a record of a change stream says happened to a row; the words are Debezium's letters. */
public enum RowOperation {
    /** A row was inserted. */
    CREATE("c", false, true),
    /** A row was there when a snapshot was taken. */
    READ("r", false, true),
    /** A row was changed. */
    UPDATE("u", true, true),
    /** A row was deleted. */
    DELETE("d", true, false),
    /** Something else than a row was told. */
    MESSAGE("m", false, false),
    /** A record without a value, which only tells Kafka to forget a key. */
    TOMBSTONE("tombstone", false, false);

    private final String word;
    private final boolean takes;
    private final boolean adds;

    RowOperation(String word, boolean takes, boolean adds) {
        this.word = word;
        this.takes = takes;
        this.adds = adds;
    }

    /** As it is written. */
    public String word() {
        return word;
    }

    /** The operation of a word; empty if there is none. */
    public static Optional<RowOperation> of(String word) {
        return Arrays.stream(values())
                .filter(operation -> operation.word.equals(word))
                .findFirst();
    }

    /** Whether the row before does not count any more. */
    public boolean takes() {
        return takes;
    }

    /** Whether the row after counts from now on. */
    public boolean adds() {
        return adds;
    }

    /** What becomes of the images that a record brings: those that its operation does not speak of mean nothing. */
    public RowChange of(@Nullable Row before, @Nullable Row after) {
        return new RowChange(takes ? before : null, adds ? after : null);
    }
}
