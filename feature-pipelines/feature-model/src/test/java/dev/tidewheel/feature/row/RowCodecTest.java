package dev.tidewheel.feature.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowCodecTest {

    @Test
    void rowsOfAnyShapeComeBack() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            RowSchema schema = schema(random);
            Row row = row(schema, random);
            RowCodec codec = new RowCodec(schema);
            ByteWriter out = new ByteWriter();
            codec.write(row, out);
            ByteReader in = new ByteReader(out.toByteArray());
            assertThat(codec.read(in)).as("round %d of seed 5", round).isEqualTo(row);
            in.expectEnd();
        }
    }

    @Test
    void aRowThatEndsEarlyIsRefused() {
        RowCodec codec = new RowCodec(new RowSchema(List.of(new Column("x", ColumnType.FLOAT64))));
        assertThatThrownBy(() -> codec.read(new ByteReader(new byte[] {1, 0, 0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the bytes end at 3, within a value");
    }

    private static RowSchema schema(Random random) {
        List<Column> columns = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            columns.add(new Column("c" + i, ColumnType.values()[random.nextInt(ColumnType.values().length)]));
        }
        return new RowSchema(columns);
    }

    private static Row row(RowSchema schema, Random random) {
        Row row = new Row(schema.size());
        for (int slot = 0; slot < schema.size(); slot++) {
            if (random.nextInt(4) != 0) {
                switch (schema.column(slot).type()) {
                    case INT64, TIMESTAMP -> row.setLong(slot, random.nextLong() >> random.nextInt(64));
                    case FLOAT64 -> row.setDouble(slot, random.nextGaussian());
                    case BOOL -> row.setBoolean(slot, random.nextBoolean());
                    case STRING, JSON ->
                        row.setString(slot, random.nextInt(3) == 0 ? "" : "\udfffß" + random.nextInt());
                }
            }
        }
        return row;
    }
}
