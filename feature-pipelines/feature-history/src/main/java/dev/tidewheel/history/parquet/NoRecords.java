package dev.tidewheel.history.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Stands where Parquet wants to know how records are assembled: columns are read without assembling any. */
final class NoRecords extends GroupConverter {
    private static final Converter NO_VALUE = new PrimitiveConverter() {};

    @Override
    public Converter getConverter(int field) {
        return NO_VALUE;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
}
