package dev.tidewheel.history.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.history.source.ColumnBuffer;
import java.io.IOException;
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
        new NumberColumn(pages(page(5, levels, Encoding.PLAIN, plain(7, 8, 9)), null), COLUMN, ColumnType.INT64, found)
                .deliver(5);

        assertThat(found.size()).isEqualTo(5);
        assertThat(List.of(found.word(0), found.word(2), found.word(4))).containsExactly(7L, 8L, 9L);
        assertThat(List.of(found.isNull(1), found.isNull(3))).containsOnly(true);
    }

    @Test
    void aPageWithoutLevelsHasNoNulls() throws IOException {
        ColumnBuffer found = new ColumnBuffer(new Column("x", ColumnType.INT64));
        DataPage page = page(2, BytesInput.empty(), Encoding.PLAIN, plain(7, 8));
        new NumberColumn(pages(page, null), COLUMN, ColumnType.INT64, found).deliver(2);

        assertThat(List.of(found.word(0), found.word(1))).containsExactly(7L, 8L);
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
