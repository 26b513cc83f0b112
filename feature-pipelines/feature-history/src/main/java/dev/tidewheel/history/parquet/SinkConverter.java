package dev.tidewheel.history.parquet;

import org.apache.parquet.column.Dictionary;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Moves the texts or booleans of one column into a sink. Not thread-safe. */
final class SinkConverter extends PrimitiveConverter {
    private final ColumnSink sink;
    private final boolean isText;
    private String[] texts = {};

    /** @param stored the column's type in the file */
    SinkConverter(ColumnSink sink, PrimitiveType stored) {
        this.sink = sink;
        this.isText = stored.getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
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
    public void addBoolean(boolean value) {
        sink.appendWord(value ? 1 : 0);
    }
}
