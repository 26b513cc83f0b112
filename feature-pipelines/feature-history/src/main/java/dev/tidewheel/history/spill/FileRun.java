package dev.tidewheel.history.spill;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.RowSchema;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A sorted run in a file, as {@link RunWriter} wrote it. Thread-safe. */
final class FileRun {
    private final SpillFile file;
    private final ColumnType[] types;
    private final boolean marked;
    private final long begin;
    private final long end;

    FileRun(SpillFile file, RowSchema payload, boolean marked, long begin, long end) {
        this.file = file;
        this.types = payload.columns().stream().map(Column::type).toArray(ColumnType[]::new);
        this.marked = marked;
        this.begin = begin;
        this.end = end;
    }

    Cursor open() {
        return new OfFile();
    }

    private final class OfFile implements Cursor {
        private final long[] words = new long[types.length];
        private final String[] strings = new String[types.length];
        private final boolean[] nulls = new boolean[types.length];
        private long position = begin;
        private ByteReader frame = new ByteReader(new byte[0]);
        private long hash;
        private String key = "";
        private long left; // rows
        private long marksLeft;
        private long mark;
        private long moment;
        private int channel;
        private long place;

        @Override
        public boolean nextKey() throws IOException {
            while (left > 0) {
                nextRow();
            }
            if (!load()) {
                return false;
            }
            hash = readLong();
            key = frame.readString();
            left = frame.readUnsigned();
            marksLeft = marked ? left : 0;
            moment = 0;
            place = 0;
            return true;
        }

        @Override
        public boolean nextRow() throws IOException {
            while (marksLeft > 0) {
                nextMark();
            }
            if (left == 0) {
                return false;
            }
            load();
            left--;
            moment += frame.readSigned();
            channel = (int) frame.readUnsigned();
            place += frame.readSigned();
            Flags.read(nulls, frame);
            for (int slot = 0; slot < words.length; slot++) {
                if (!nulls[slot]) {
                    value(slot, types[slot]);
                }
            }
            return true;
        }

        @Override
        public boolean nextMark() throws IOException {
            if (marksLeft == 0) {
                return false;
            }
            load();
            marksLeft--;
            mark = readLong();
            return true;
        }

        private long readLong() {
            return (long) frame.readFixedInt() << Integer.SIZE | frame.readFixedInt() & 0xFFFF_FFFFL;
        }

        @Override
        public long mark() {
            return mark;
        }

        private void value(int slot, ColumnType type) {
            switch (type) {
                case STRING, JSON -> strings[slot] = frame.readString();
                case FLOAT64 -> words[slot] = Double.doubleToLongBits(frame.readDouble());
                case TIMESTAMP -> words[slot] = moment + frame.readSigned();
                case INT64, BOOL -> words[slot] = frame.readSigned();
            }
        }

        /** Goes to the next frame where the last one is read; false if there is none. */
        private boolean load() throws IOException {
            if (frame.position() < frame.array().length) {
                return true;
            }
            if (position == end) {
                return false;
            }
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
            file.read(position, length);
            byte[] bytes = new byte[length.getInt(0)];
            file.read(position + Integer.BYTES, ByteBuffer.wrap(bytes));
            position += Integer.BYTES + bytes.length;
            frame = new ByteReader(bytes);
            return true;
        }

        @Override
        public long hash() {
            return hash;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public long moment() {
            return moment;
        }

        @Override
        public int channel() {
            return channel;
        }

        @Override
        public long place() {
            return place;
        }

        @Override
        public boolean isNull(int slot) {
            return nulls[slot];
        }

        @Override
        public long word(int slot) {
            return words[slot];
        }

        @Override
        public String string(int slot) {
            return strings[slot];
        }
    }
}
