package dev.tidewheel.history.spill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one partition of several runs as if they were one: key by key, and through each key's rows in the order of
 * (moment, channel, place). Of rows that agree in all three only one is met: a record that was written twice is one. No
 * key is ever held whole. Not thread-safe.
 */
public final class KeyMerge {
    private static final Comparator<Cursor> BY_KEY =
            (left, right) -> KeyHash.compare(left.hash(), left.key(), right.hash(), right.key());
    private static final Comparator<Cursor> BY_ROW = (left, right) -> {
        int byMoment = Long.compare(left.moment(), right.moment());
        return byMoment != 0 ? byMoment : comparePlaces(left, right);
    };

    private final PriorityQueue<Cursor> waiting = new PriorityQueue<>(BY_KEY);
    private final PriorityQueue<Cursor> rows = new PriorityQueue<>(BY_ROW);
    private final List<Cursor> ofKey = new ArrayList<>();
    private @Nullable Cursor current; // the row met last stands in it, and it in no queue
    private boolean begun;
    private long moment;
    private int channel;
    private long place;

    KeyMerge(List<Cursor> cursors) throws IOException {
        for (Cursor cursor : cursors) {
            if (cursor.nextKey()) {
                waiting.add(cursor);
            }
        }
    }

    private static int comparePlaces(Cursor left, Cursor right) {
        int byChannel = Integer.compare(left.channel(), right.channel());
        return byChannel != 0 ? byChannel : Long.compare(left.place(), right.place());
    }

    /** Goes to the next key, before its first row; false if there is none. */
    public boolean nextKey() throws IOException {
        for (Cursor cursor : ofKey) {
            if (cursor.nextKey()) {
                waiting.add(cursor);
            }
        }
        ofKey.clear();
        rows.clear();
        current = null;
        Cursor first = waiting.poll();
        if (first == null) {
            return false;
        }
        ofKey.add(first);
        while (!waiting.isEmpty() && BY_KEY.compare(waiting.element(), first) == 0) {
            ofKey.add(waiting.remove());
        }
        begun = false;
        return true;
    }

    /** The marks that more than one of the key's rows has; to be asked before its first row. */
    public Set<Long> repeatedMarks() throws IOException {
        if (ofKey.size() == 1 && ofKey.get(0) instanceof MemoryRun.OfMemory all) {
            return all.repeatedMarks();
        }
        PriorityQueue<Cursor> marks = new PriorityQueue<>(Comparator.comparingLong(Cursor::mark));
        for (Cursor cursor : ofKey) {
            if (cursor.nextMark()) {
                marks.add(cursor);
            }
        }
        Set<Long> repeated = Set.of();
        Cursor next = marks.poll();
        while (next != null) {
            long last = next.mark();
            next = advance(next, marks);
            if (next != null && next.mark() == last) {
                repeated = repeated.isEmpty() ? new HashSet<>() : repeated;
                repeated.add(last);
            }
        }
        return repeated;
    }

    private static @Nullable Cursor advance(Cursor last, PriorityQueue<Cursor> marks) throws IOException {
        if (!last.nextMark()) {
            return marks.poll();
        }
        if (marks.isEmpty() || last.mark() <= marks.element().mark()) {
            return last;
        }
        marks.add(last);
        return marks.remove();
    }

    private void begin() throws IOException {
        begun = true;
        for (Cursor cursor : ofKey) {
            if (cursor.nextRow()) {
                rows.add(cursor);
            }
        }
    }

    /** Compares the keys that this and another stand at. */
    public int compareKey(KeyMerge that) {
        return BY_KEY.compare(ofKey.get(0), that.ofKey.get(0));
    }

    /** The key's text. */
    public String key() {
        return ofKey.get(0).key();
    }

    /** Goes to the key's next row; false if there is none. */
    public boolean nextRow() throws IOException {
        if (!begun) {
            begin();
        }
        Cursor last = current;
        Cursor next = advance(last);
        while (last != null && next != null && isRepetition(next)) {
            next = advance(next);
        }
        current = next;
        if (next == null) {
            return false;
        }
        moment = next.moment();
        channel = next.channel();
        place = next.place();
        return true;
    }

    /** Moves on the cursor of the last row, and gives that of the next. */
    private @Nullable Cursor advance(@Nullable Cursor last) throws IOException {
        if (last == null || !last.nextRow()) {
            return rows.poll();
        }
        if (rows.isEmpty() || BY_ROW.compare(last, rows.element()) <= 0) {
            return last;
        }
        rows.add(last);
        return rows.remove();
    }

    private boolean isRepetition(Cursor next) {
        return next.moment() == moment && next.channel() == channel && next.place() == place;
    }

    private Cursor row() {
        return Objects.requireNonNull(current, "there is no row: call nextRow() first");
    }

    public long moment() {
        return moment;
    }

    public int channel() {
        return channel;
    }

    public long place() {
        return place;
    }

    public boolean isNull(int slot) {
        return row().isNull(slot);
    }

    public long word(int slot) {
        return row().word(slot);
    }

    public String string(int slot) {
        return row().string(slot);
    }
}
