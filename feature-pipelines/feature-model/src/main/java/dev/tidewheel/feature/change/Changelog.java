package dev.tidewheel.feature.change;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.EntityKeys;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowCodec;
import dev.tidewheel.feature.row.RowSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last row of every primary key, for change streams that do not say what a row was before. What a record
 * says of the row before is ignored but for its key; the remembered row is taken away instead. A record that leaves a row
 * as it is changes nothing, so a record that is delivered twice counts once.
 *
 * <p>What counts is what is remembered, so that a later record can take it away. A record that moves its row to a key that
 * has a row would take two away, which no record can: it changes the row of the key that it names, and the other stays,
 * until a record speaks of its key.
 *
 * <p>The records of a key have to come in their order, which they do within one partition. Deterministic: the same records
 * give the same changes, online and in history. Not thread-safe.
 */
public final class Changelog {
    private final RowSchema columns;
    private final RowCodec codec;
    private final int[] key;
    private final Map<String, byte[]> rows = new HashMap<>();
    private long bytes;

    /**
     * @param key the columns of the primary key
     * @throws IllegalArgumentException if one of them is no column, or a double
     */
    public Changelog(RowSchema columns, List<String> key) {
        this.columns = columns;
        this.codec = new RowCodec(columns);
        this.key = key.stream().mapToInt(name -> slot(columns, name)).toArray();
    }

    private static int slot(RowSchema columns, String name) {
        int slot = columns.slot(name);
        if (slot < 0 || columns.column(slot).type() == ColumnType.FLOAT64) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be part of a primary key: it is " + (slot < 0 ? "no column" : "a double"));
        }
        return slot;
    }

    /** The name of the first key column that a row lacks; null if its key is complete. */
    public @Nullable String missing(Row row) {
        for (int slot : key) {
            if (row.isNull(slot)) {
                return columns.column(slot).name();
            }
        }
        return null;
    }

    /**
     * What a record really does.
     *
     * @param came what it says; the keys of its rows are complete
     */
    public RowChange apply(RowChange came) {
        Row after = came.after();
        if (after == null) {
            byte[] deleted =
                    came.before() == null || missing(came.before()) != null ? null : remove(text(came.before()));
            return deleted == null ? RowChange.NONE : new RowChange(decode(deleted), null);
        }
        byte[] now = encode(after);
        byte[] last = put(text(after), now);
        byte[] before = last == null && came.before() != null ? moved(came.before(), after) : last;
        if (before != null && Arrays.equals(before, now)) {
            return RowChange.NONE;
        }
        return new RowChange(before == null ? null : decode(before), after);
    }

    /** Forgets the row of a key that has become another key, which had no row. */
    private byte @Nullable [] moved(Row before, Row after) {
        if (missing(before) != null) {
            return null;
        }
        String old = text(before);
        return text(after).equals(old) ? null : remove(old);
    }

    private String text(Row row) {
        List<String> values = new ArrayList<>(key.length);
        for (int slot : key) {
            values.add(EntityKeys.text(row, slot, columns.column(slot).type()));
        }
        return EntityKeys.join(values);
    }

    private byte[] encode(Row row) {
        ByteWriter out = new ByteWriter();
        codec.write(row, out);
        return out.toByteArray();
    }

    private Row decode(byte[] row) {
        return codec.read(new ByteReader(row));
    }

    private byte @Nullable [] remove(String text) {
        byte[] old = rows.remove(text);
        bytes -= old == null ? 0 : old.length + text.length();
        return old;
    }

    /** Remembers a row, as {@link #forEach} gave it. */
    public byte @Nullable [] put(String text, byte[] row) {
        byte[] old = rows.put(text, row);
        bytes += row.length - (old == null ? -text.length() : old.length);
        return old;
    }

    /** All that is remembered: the key's text, and the row's bytes. */
    public void forEach(BiConsumer<String, byte[]> action) {
        rows.forEach(action);
    }

    /** How many rows are remembered. */
    public int size() {
        return rows.size();
    }

    /** How long keys and rows are together. */
    public long bytes() {
        return bytes;
    }
}
