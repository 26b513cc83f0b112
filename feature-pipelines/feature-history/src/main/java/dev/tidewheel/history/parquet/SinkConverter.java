package dev.tidewheel.history.parquet;

import dev.tidewheel.feature.row.ColumnType;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Moves the values of one column into a sink, in the units of rows. Not thread-safe. */
final class SinkConverter extends PrimitiveConverter {
    private final ColumnSink sink;
    private final boolean isText;
    private final boolean isDouble;
    private final long unitsPerMilli;
    private String[] texts = {};

    /**
     * @param stored the column's type in the file
     * @param wanted its type in rows, which it fits
     */
    SinkConverter(ColumnSink sink, PrimitiveType stored, ColumnType wanted) {
        this.sink = sink;
        this.isText = stored.getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
        this.isDouble = wanted == ColumnType.FLOAT64;
        this.unitsPerMilli = unitsPerMilli(stored.getLogicalTypeAnnotation());
    }

    /** How many of a timestamp's units make a millisecond; 1 for what is no timestamp. */
    static long unitsPerMilli(@Nullable LogicalTypeAnnotation type) {
        if (!(type instanceof TimestampLogicalTypeAnnotation timestamp)) {
            return 1;
        }
        return switch (timestamp.getUnit()) {
            case MILLIS -> 1;
            case MICROS -> 1_000;
            case NANOS -> 1_000_000;
        };
    }

    @Override
    public boolean hasDictionarySupport() {
        return isText;
    }

    @Override
    public void setDictionary(Dictionary dictionary) {
        texts = new String[dictionary.getMaxId() + 1];
        for (int id = 0; id < texts.length; id++) {
            texts[id] = dictionary.decodeToBinary(id).toStringUsingUTF8();
        }
    }

    @Override
    public void addValueFromDictionary(int id) {
        sink.appendString(texts[id]);
    }

    @Override
    public void addBinary(Binary value) {
        sink.appendString(value.toStringUsingUTF8());
    }

    @Override
    public void addInt(int value) {
        addLong(value);
    }

    @Override
    public void addLong(long value) {
        if (isDouble) {
            sink.appendDouble(value);
        } else {
            sink.appendWord(unitsPerMilli == 1 ? value : Math.floorDiv(value, unitsPerMilli));
        }
    }

    @Override
    public void addFloat(float value) {
        sink.appendDouble(value);
    }

    @Override
    public void addDouble(double value) {
        sink.appendDouble(value);
    }

    @Override
    public void addBoolean(boolean value) {
        sink.appendWord(value ? 1 : 0);
    }
}
