package dev.tidewheel.history.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages that our own writer does not write. */
class NumberPagesTest {
    private static final ColumnDescriptor COLUMN = MessageTypeParser.parseMessageType("message m { optional int64 x; }")
            .getColumns()
            .get(0);

    @Test
    void nullsAreWhereTheLevelsSayNotAsManyAsThePageCounts() throws IOException {
        BytesInput levels = BytesInput.from(new byte[] {3, 0b0001_0101}); // A packed run of eight, of which five count.
        ColumnBuffer found = new ColumnBuffer(new Column("x", ColumnType.INT64));
        column(pages(page(5, levels, Encoding.PLAIN, plain(7, 8, 9)), null), found)
                .deliver(5);

        assertThat(found.size()).isEqualTo(5);
        assertThat(List.of(found.word(0), found.word(2), found.word(4))).containsExactly(7L, 8L, 9L);
        assertThat(List.of(found.isNull(1), found.isNull(3))).containsOnly(true);
    }

    @Test
    void aPageWithoutLevelsHasNoNulls() throws IOException {
        ColumnBuffer found = new ColumnBuffer(new Column("x", ColumnType.INT64));
        DataPage page = page(2, BytesInput.empty(), Encoding.PLAIN, plain(7, 8));
        column(pages(page, null), found).deliver(2);

        assertThat(List.of(found.word(0), found.word(1))).containsExactly(7L, 8L);
    }

    /** 20 million rows, of which every value is a constant, and as many nulls, are pages of a few bytes. */
    @Test
    void aPageOfManyRowsIsNotHeldDecoded() throws IOException {
        int rows = 20_000_000;
        BytesInput run = BytesInput.fromUnsignedVarInt(rows << 1);
        BytesInput present = BytesInput.concat(run, BytesInput.from(new byte[] {1}));
        BytesInput absent = BytesInput.concat(run, BytesInput.from(new byte[] {0}));
        BytesInput ids = BytesInput.concat(BytesInput.from(new byte[] {1}), present);
        DictionaryPage dictionary = new DictionaryPage(plain(3, 5), 2, Encoding.PLAIN);
        Sum sum = new Sum();
        NumberColumn constant = column(pages(page(rows, present, Encoding.RLE_DICTIONARY, ids), dictionary), sum);
        NumberColumn never = column(pages(page(rows, absent, Encoding.PLAIN, BytesInput.empty()), null), sum);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        constant.deliver(rows);
        never.deliver(rows);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum.total).isEqualTo(5L * rows);
        assertThat(sum.nulls).isEqualTo(rows);
        assertThat(allocated).isLessThan(4_000_000);
    }

    private static NumberColumn column(PageReader pages, ColumnSink sink) throws IOException {
        return new NumberColumn(pages, COLUMN, ColumnType.INT64, sink, new long[NumberColumn.CHUNK]);
    }

    /** Keeps nothing. */
    private static final class Sum implements ColumnSink {
        private long total;
        private long nulls;

        @Override
        public void appendNull() {
            nulls++;
        }

        @Override
        public void appendWord(long word) {
            total += word;
        }

        @Override
        public void appendDouble(double value) {
            throw new AssertionError("no double is stored: " + value);
        }

        @Override
        public void appendString(String value) {
            throw new AssertionError("no text is stored: " + value);
        }
    }

    private static BytesInput plain(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return BytesInput.from(bytes.array());
    }

    /** A page that says that none of its values is null. */
    private static DataPage page(int rows, BytesInput levels, Encoding encoding, BytesInput values) {
        Statistics<?> none = Statistics.createStats(COLUMN.getPrimitiveType());
        return DataPageV2.uncompressed(rows, 0, rows, BytesInput.empty(), levels, encoding, values, none);
    }

    private static PageReader pages(DataPage page, @Nullable DictionaryPage dictionary) {
        Iterator<DataPage> pages = List.of(page).iterator();
        return new PageReader() {
            @Override
            public @Nullable DictionaryPage readDictionaryPage() {
                return dictionary;
            }

            @Override
            public long getTotalValueCount() {
                return page.getValueCount();
            }

            @Override
            public @Nullable DataPage readPage() {
                return pages.hasNext() ? pages.next() : null;
            }
        };
    }
}
