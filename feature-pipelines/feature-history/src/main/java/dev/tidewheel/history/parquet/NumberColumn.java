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
 * The numbers of one flat column of a row group, decoded a page at a time, in the units of rows: integers of any width
 * are 64 bits, floats doubles, timestamps epoch milliseconds (finer ones are floored). Not thread-safe.
 *
 * <p>What a page is made of: levels that say which values are null, if the column may have nulls, then the values that are
 * not. See "Data Pages" and "Encodings" in the specification of Parquet.
 */
final class NumberColumn {
    private static final long[] NONE = {};

    private final PageReader pages;
    private final ColumnDescriptor column;
    private final ColumnSink sink;
    private final boolean isDouble;
    private final boolean isUnsigned; // of 32 bits
    private final long unitsPerMilli;
    private final long[] dictionary; // by id
    private final BitSet nulls = new BitSet(); // of the page
    private long[] words = NONE; // of the page, by row; a double by its bits
    private int size;
    private int next;

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
     */
    NumberColumn(PageReader pages, ColumnDescriptor column, ColumnType wanted, ColumnSink sink) throws IOException {
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
        for (long left = rows; left > 0; ) {
            if (next == size) {
                nextPage();
            }
            int count = (int) Math.min(left, size - next);
            hand(next, next + count);
            next += count;
            left -= count;
        }
    }

    private void hand(int from, int to) {
        for (int row = from; row < to; ) {
            int isNull = nulls.nextSetBit(row);
            int present = isNull < 0 ? to : Math.min(to, isNull);
            if (isDouble) {
                sink.appendDoubles(words, row, present - row);
            } else {
                sink.appendWords(words, row, present - row);
            }
            if (present < to) {
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
        nulls.clear();
        next = 0;
        size = page.getValueCount();
        if (size == 0) {
            return;
        }
        if (words.length < size) {
            words = new long[size];
        }
        if (page instanceof DataPageV2 flat) {
            read(flat);
        } else {
            read((DataPageV1) page);
        }
        spread();
    }

    private void read(DataPageV1 page) throws IOException {
        ByteBufferInputStream bytes = page.getBytes().toInputStream();
        if (mayBeNull() && page.getDlEncoding() == Encoding.RLE) {
            readLevels(bytes.slice(BytesUtils.readIntLittleEndian(bytes)));
        } else if (mayBeNull()) {
            ValuesReader levels = page.getDlEncoding().getValuesReader(column, ValuesType.DEFINITION_LEVEL);
            levels.initFromPage(size, bytes);
            for (int row = 0; row < size; row++) {
                nulls.set(row, levels.readInteger() == 0);
            }
        }
        readValues(page.getValueEncoding(), bytes);
    }

    private void read(DataPageV2 page) throws IOException {
        if (mayBeNull() && page.getDefinitionLevels().size() > 0) { // Not every writer counts its nulls.
            readLevels(page.getDefinitionLevels().toByteBuffer());
        }
        readValues(page.getDataEncoding(), page.getData().toInputStream());
    }

    private boolean mayBeNull() {
        return column.getMaxDefinitionLevel() > 0;
    }

    private void readLevels(ByteBuffer levels) throws IOException {
        if (isOneRun(levels.duplicate())) {
            return;
        }
        RunLengthBitPackingHybridDecoder decoder =
                new RunLengthBitPackingHybridDecoder(1, ByteBufferInputStream.wrap(levels));
        for (int row = 0; row < size; row++) {
            nulls.set(row, decoder.readInt() == 0);
        }
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
        return (header & 1) == 0 && header >>> 1 >= size && levels.get() == 1;
    }

    private void readValues(Encoding encoding, ByteBufferInputStream from) throws IOException {
        int count = size - nulls.cardinality();
        if (encoding.usesDictionary()) {
            readIds(from, count);
        } else if (encoding == Encoding.PLAIN && stored() == PrimitiveTypeName.INT64) {
            from.slice(count * Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .get(words, 0, count);
            if (isDouble || unitsPerMilli > 1) {
                for (int i = 0; i < count; i++) {
                    words[i] = ofLong(words[i]);
                }
            }
        } else {
            ValuesReader values = encoding.getValuesReader(column, ValuesType.VALUES);
            values.initFromPage(count, from);
            for (int i = 0; i < count; i++) {
                words[i] = word(values);
            }
        }
    }

    private void readIds(ByteBufferInputStream from, int count) throws IOException {
        if (count == 0) {
            return; // Of a page without values, some writers leave out how wide an id is.
        }
        RunLengthBitPackingHybridDecoder ids = new RunLengthBitPackingHybridDecoder(from.read(), from);
        for (int i = 0; i < count; i++) {
            words[i] = dictionary[ids.readInt()];
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
    private void spread() {
        int left = size - nulls.cardinality();
        for (int row = size - 1; left <= row; row--) {
            if (!nulls.get(row)) {
                words[row] = words[--left];
            }
        }
    }
}
