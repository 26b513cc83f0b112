package dev.tidewheel.history.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Puts into order what Parquet writes in the order of a hash set of enums, which is another one in every process: the
 * encodings of each column in the footer. They are a set, so no reader minds; the file's bytes then follow from its rows.
 *
 * <p>A file ends with the footer, its length in four bytes, little-endian, and {@code PAR1}.
 */
final class CanonicalFooter {
    private static final int TAIL = 8;

    private CanonicalFooter() {}

    static void write(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int length = read(file, file.size() - TAIL, Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt();
            long start = file.size() - TAIL - length;
            byte[] footer = read(file, start, length).array();
            byte[] canonical = canonical(footer);
            if (canonical.length != length) {
                throw new IOException("the footer of " + path + " is " + canonical.length + " bytes in order and was "
                        + length + ": this version of Parquet writes something else");
            }
            for (ByteBuffer out = ByteBuffer.wrap(canonical); out.hasRemaining(); ) {
                file.write(out, start + out.position());
            }
        }
    }

    private static byte[] canonical(byte[] footer) throws IOException {
        FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
        for (RowGroup group : metadata.getRow_groups()) {
            for (ColumnChunk column : group.getColumns()) {
                column.getMeta_data().getEncodings().sort(Comparator.comparingInt(Encoding::getValue));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(footer.length);
        Util.writeFileMetaData(metadata, out);
        return out.toByteArray();
    }

    private static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("the file ends within its footer");
            }
        }
        return bytes.flip();
    }
}
