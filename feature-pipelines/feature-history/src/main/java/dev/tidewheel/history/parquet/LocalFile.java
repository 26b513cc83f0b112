package dev.tidewheel.history.parquet;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;

/** Parquet files of this machine, without what files of Hadoop could say: it means nothing here, and takes a while to read. */
final class LocalFile {
    static final Configuration NO_DEFAULTS = new Configuration(false);
    /** Larger arrays have regions of the heap of their own, and each makes the collector look at all of it. */
    private static final int MOST_BYTES_AT_ONCE = 256 * 1024;

    private LocalFile() {}

    /**
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no Parquet file
     */
    static ParquetFileReader open(Path path) throws IOException {
        try {
            return ParquetFileReader.open(
                    new LocalInputFile(path),
                    HadoopReadOptions.builder(NO_DEFAULTS)
                            .withMaxAllocationInBytes(MOST_BYTES_AT_ONCE)
                            .build());
        } catch (RuntimeException e) { // Only the footer is read here; what the library throws has no type of its own.
            throw new IllegalArgumentException(
                    path + " is no Parquet file, or not a whole one: write it as Parquet", e);
        }
    }
}
