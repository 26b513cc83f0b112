package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;

/** A tally of a column's values: words or texts, whichever the type asks for. All NaNs are one, 0.0 and −0.0 are one. */
final class ValueTally {
    private final ColumnType type;
    private final WordTally words = new WordTally();
    private final TextTally texts = new TextTally();

    ValueTally(ColumnType type) {
        this.type = type;
    }

    private Tally<?> held() {
        return type.isText() ? texts : words;
    }

    /** Counts a value; tells whether it is a new one. */
    boolean count(Row values, int slot, long times) {
        String text = values.getString(slot);
        return text == null ? words.count(Words.of(type, values, slot), times) : texts.count(text, times);
    }

    void merge(ValueTally other) {
        if (type.isText()) {
            texts.merge(other.texts);
        } else {
            words.merge(other.words);
        }
    }

    int size() {
        return held().size();
    }

    long count(int entry) {
        return held().count(entry);
    }

    void sort() {
        held().sort();
    }

    void subtract(long times) {
        held().subtract(times);
    }

    void clear() {
        held().clear();
    }

    /** By value: doubles as numbers, texts by UTF-16 unit. */
    int compare(int left, int right) {
        return switch (type) {
            case STRING, JSON -> texts.compare(left, right);
            case FLOAT64 ->
                Double.compare(Double.longBitsToDouble(words.word(left)), Double.longBitsToDouble(words.word(right)));
            case INT64, BOOL, TIMESTAMP -> words.compare(left, right);
        };
    }

    void appendTo(JsonText out, int entry) {
        switch (type) {
            case STRING -> out.string(texts.text(entry));
            case JSON -> out.raw(texts.text(entry));
            case FLOAT64 -> out.number(Double.longBitsToDouble(words.word(entry)));
            case BOOL -> out.raw(Boolean.toString(words.word(entry) != 0));
            case INT64, TIMESTAMP -> out.number(words.word(entry));
        }
    }

    /** Each value, ascending, with its count. */
    void encode(ByteWriter out) {
        sort();
        for (int i = 0; i < size(); i++) {
            if (type.isText()) {
                out.writeString(texts.text(i));
            } else {
                out.writeSigned(words.word(i));
            }
            out.writeSigned(count(i));
        }
    }

    void decode(long entries, ByteReader in) {
        for (long i = 0; i < entries; i++) {
            if (type.isText()) {
                String text = in.readString();
                refuse(size() > 0 && texts.text(size() - 1).compareTo(text) >= 0, text);
                texts.append(text, in.readSigned());
            } else {
                long word = in.readSigned();
                refuse(size() > 0 && words.word(size() - 1) >= word, word);
                words.append(word, in.readSigned());
            }
        }
    }

    private static void refuse(boolean wrong, Object value) {
        if (wrong) {
            throw new IllegalArgumentException("distinct values do not ascend: " + value);
        }
    }
}
