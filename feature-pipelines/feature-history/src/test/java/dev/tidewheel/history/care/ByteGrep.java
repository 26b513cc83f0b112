package dev.tidewheel.history.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;

/** Looks for a text in files as they lie on the disk, and in what their compressed parts are when opened. */
public final class ByteGrep {
    private final String text;

    public ByteGrep(String text) {
        this.text = text;
    }

    /** The files of a folder that have it. */
    public List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).filter(this::isIn).sorted().toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                // Somebody removed a file meanwhile.
                return files(folder);
            }
            throw e;
        }
    }

    private boolean isIn(Path file) {
        try {
            return isIn(Files.readAllBytes(file))
                    || file.toString().endsWith(".parquet") && isInPages(file)
                    || file.toString().endsWith(".avro") && isInRecords(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether bytes have it as they are. */
    public boolean isIn(byte[] bytes) {
        // Every byte is a character of this charset.
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
    }

    private boolean isInPages(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            List<ColumnDescriptor> columns =
                    reader.getFooter().getFileMetaData().getSchema().getColumns();
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                for (ColumnDescriptor column : columns) {
                    if (isInColumn(group.getPageReader(column))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean isInColumn(PageReader pages) throws IOException {
        DictionaryPage dictionary = pages.readDictionaryPage();
        if (dictionary != null && isIn(dictionary.getBytes().toByteArray())) {
            return true;
        }
        for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
            if (isIn(bytes(page).toByteArray())) {
                return true;
            }
        }
        return false;
    }

    private static BytesInput bytes(DataPage page) {
        return page.accept(new DataPage.Visitor<>() {
            @Override
            public BytesInput visit(DataPageV1 first) {
                return first.getBytes();
            }

            @Override
            public BytesInput visit(DataPageV2 second) {
                return second.getData();
            }
        });
    }

    private boolean isInRecords(Path file) throws IOException {
        try (DataFileReader<GenericRecord> records = new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
            for (GenericRecord record : records) {
                if (record.toString().contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }
}
