package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.ColumnType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one flat column of a row group, in the units of rows: integers of any width are 64 bits, floats doubles,
 * timestamps epoch milliseconds (finer ones are floored). Not thread-safe.
 *
 * <p>What a page is made of: levels that say which values are null, if the column may have nulls, then the values that are
 * not. See "Data Pages" and "Encodings" in the specification of Parquet. A page ends by its bytes, so one of few bytes may
 * have all rows of a row group: it is decoded a chunk at a time. (Parquet's own readers of deltas decode a whole page.)
 */
final class NumberColumn {
    /** Rows that are decoded at once. */
    static final int CHUNK = 16_384;

    private static final long[] NONE = {};

    private final PageReader pages;
    private final ColumnDescriptor column;
    private final ColumnSink sink;
    private final boolean isDouble;
    private final boolean isUnsigned; // of 32 bits
    private final long unitsPerMilli;
    private final long[] dictionary; // by id
    private final BitSet nulls = new BitSet(); // of the chunk
    private final long[] words; // of the chunk, by row; a double by its bits
    private int left; // rows of the page that are not decoded yet
    private Encoding encoding = Encoding.PLAIN; // of the page
    private ByteBufferInputStream bytes = ByteBufferInputStream.wrap(ByteBuffer.allocate(0)); // its values
    private @Nullable Levels levels; // of the page; null if no value is
    private @Nullable Values values; // of the page, once one is needed

    /** Says of the next value of a page whether it is there: 1, or null: 0. */
    @FunctionalInterface
    private interface Levels {
        int next() throws IOException;
    }

    /** Decodes the next values of a page to the front of the chunk. */
    @FunctionalInterface
    private interface Values {
        void decode(int count) throws IOException;
    }

    /** Whether a column of this type in the file is one of numbers. */
    static boolean reads(PrimitiveTypeName stored) {
        return switch (stored) {
            case INT32, INT64, FLOAT, DOUBLE -> true;
            case BOOLEAN, BINARY, INT96, FIXED_LEN_BYTE_ARRAY -> false;
        };
    }

    /**
     * @param column which {@link #reads} accepts
     * @param wanted its type in rows, which it fits
     * @param chunk room for {@link #CHUNK} values, of which none is kept between calls: columns may share it
     */
    NumberColumn(PageReader pages, ColumnDescriptor column, ColumnType wanted, ColumnSink sink, long[] chunk)
            throws IOException {
        this.words = chunk;
        this.pages = pages;
        this.column = column;
        this.sink = sink;
        this.isDouble = wanted == ColumnType.FLOAT64;
        LogicalTypeAnnotation logical = column.getPrimitiveType().getLogicalTypeAnnotation();
        this.isUnsigned = StoredType.isUnsigned(logical);
        this.unitsPerMilli = unitsPerMilli(logical);
        this.dictionary = dictionary(pages.readDictionaryPage());
    }

    /** How many of a timestamp's units make a millisecond; 1 for what is no timestamp. */
    private static long unitsPerMilli(@Nullable LogicalTypeAnnotation type) {
        if (!(type instanceof TimestampLogicalTypeAnnotation timestamp)) {
            return 1;
        }
        return switch (timestamp.getUnit()) {
            case MILLIS -> 1;
            case MICROS -> 1_000;
            case NANOS -> 1_000_000;
        };
    }

    private long[] dictionary(@Nullable DictionaryPage page) throws IOException {
        if (page == null) {
            return NONE;
        }
        Dictionary stored = page.getEncoding().initDictionary(column, page);
        long[] all = new long[stored.getMaxId() + 1];
        for (int id = 0; id < all.length; id++) {
            all[id] = switch (stored()) {
                case INT32 -> ofInt(stored.decodeToInt(id));
                case FLOAT -> ofDouble(stored.decodeToFloat(id));
                case DOUBLE -> ofDouble(stored.decodeToDouble(id));
                default -> ofLong(stored.decodeToLong(id));
            };
        }
        return all;
    }

    private PrimitiveTypeName stored() {
        return column.getPrimitiveType().getPrimitiveTypeName();
    }

    private long ofInt(int value) {
        return ofLong(isUnsigned ? Integer.toUnsignedLong(value) : value);
    }

    private long ofLong(long value) {
        if (isDouble) {
            return ofDouble(value);
        }
        return unitsPerMilli == 1 ? value : Math.floorDiv(value, unitsPerMilli);
    }

    /** There is one NaN. */
    private static long ofDouble(double value) {
        return Double.doubleToLongBits(value);
    }

    /** Hands the next rows to the sink, of which there are so many. */
    void deliver(long rows) throws IOException {
        for (long missing = rows; missing > 0; ) {
            if (left == 0) {
                nextPage();
            }
            int count = (int) Math.min(Math.min(missing, left), words.length);
            decode(count);
            hand(count);
            left -= count;
            missing -= count;
        }
    }

    private void hand(int size) {
        for (int row = 0; row < size; ) {
            int isNull = nulls.nextSetBit(row);
            int present = isNull < 0 ? size : Math.min(size, isNull);
            if (isDouble) {
                sink.appendDoubles(words, row, present - row);
            } else {
                sink.appendWords(words, row, present - row);
            }
            if (present < size) {
                sink.appendNull();
            }
            row = present + 1;
        }
    }

    private void nextPage() throws IOException {
        DataPage page = pages.readPage();
        if (page == null) {
            throw new IOException("column " + column + " has fewer values than its row group has rows");
        }
        left = page.getValueCount();
        levels = null;
        values = null;
        if (left == 0) {
            return;
        }
        if (page instanceof DataPageV2 flat) {
            begin(flat);
        } else {
            begin((DataPageV1) page);
        }
    }

    private void begin(DataPageV1 page) throws IOException {
        encoding = page.getValueEncoding();
        bytes = page.getBytes().toInputStream();
        if (mayBeNull() && page.getDlEncoding() == Encoding.RLE) {
            levels = levels(bytes.slice(BytesUtils.readIntLittleEndian(bytes)));
        } else if (mayBeNull()) {
            ValuesReader packed = page.getDlEncoding().getValuesReader(column, ValuesType.DEFINITION_LEVEL);
            packed.initFromPage(left, bytes);
            levels = packed::readInteger;
        }
    }

    private void begin(DataPageV2 page) throws IOException {
        encoding = page.getDataEncoding();
        bytes = page.getData().toInputStream();
        if (mayBeNull() && page.getDefinitionLevels().size() > 0) { // Not every writer counts its nulls.
            levels = levels(page.getDefinitionLevels().toByteBuffer());
        }
    }

    private boolean mayBeNull() {
        return column.getMaxDefinitionLevel() > 0;
    }

    private @Nullable Levels levels(ByteBuffer encoded) {
        return isOneRun(encoded.duplicate())
                ? null
                : new RunLengthBitPackingHybridDecoder(1, ByteBufferInputStream.wrap(encoded))::readInt;
    }

    /** Whether the levels begin with a run that says of all values that they are there, as most pages do. */
    private boolean isOneRun(ByteBuffer levels) {
        int header = 0;
        int shift = 0;
        byte next;
        do {
            next = levels.get();
            header |= (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return (header & 1) == 0 && header >>> 1 >= left && levels.get() == 1;
    }

    /** Decodes the next rows of the page, all of which fit into the chunk. */
    private void decode(int size) throws IOException {
        nulls.clear();
        Levels level = levels;
        if (level != null) {
            for (int row = 0; row < size; row++) {
                nulls.set(row, level.next() == 0);
            }
        }
        int present = size - nulls.cardinality();
        if (present > 0) { // Of a page without values, some writers leave out how wide an id is.
            values().decode(present);
        }
        spread(size, present);
    }

    private Values values() throws IOException {
        Values begun = values;
        if (begun == null) {
            begun = begin();
            values = begun;
        }
        return begun;
    }

    private Values begin() throws IOException {
        if (encoding.usesDictionary()) {
            RunLengthBitPackingHybridDecoder ids = new RunLengthBitPackingHybridDecoder(bytes.read(), bytes);
            return count -> look(ids, count);
        }
        if (encoding == Encoding.PLAIN && stored() == PrimitiveTypeName.INT64) {
            return this::copy;
        }
        ValuesReader reader = encoding.getValuesReader(column, ValuesType.VALUES);
        reader.initFromPage(left, bytes);
        return count -> read(reader, count);
    }

    private void look(RunLengthBitPackingHybridDecoder ids, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            words[i] = dictionary[ids.readInt()];
        }
    }

    private void copy(int count) throws IOException {
        bytes.slice(count * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words, 0, count);
        if (isDouble || unitsPerMilli > 1) {
            for (int i = 0; i < count; i++) {
                words[i] = ofLong(words[i]);
            }
        }
    }

    private void read(ValuesReader reader, int count) {
        for (int i = 0; i < count; i++) {
            words[i] = word(reader);
        }
    }

    private long word(ValuesReader values) {
        return switch (stored()) {
            case INT32 -> ofInt(values.readInteger());
            case FLOAT -> ofDouble(values.readFloat());
            case DOUBLE -> ofDouble(values.readDouble());
            default -> ofLong(values.readLong());
        };
    }

    /** Moves the values, which stand at the front, to their rows. */
    private void spread(int size, int present) {
        int unmoved = present;
        for (int row = size - 1; unmoved <= row; row--) {
            if (!nulls.get(row)) {
                words[row] = words[--unmoved];
            }
        }
    }
}
