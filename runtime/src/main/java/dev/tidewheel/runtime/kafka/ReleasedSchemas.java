package dev.tidewheel.runtime.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificRecord;

/** The schemas of all released versions of a record: {@code /released/<Record>.v<n>.avsc}, n = 1, 2, … */
final class ReleasedSchemas {
    private ReleasedSchemas() {}

    static List<Schema> of(Class<? extends SpecificRecord> type) {
        List<Schema> schemas = new ArrayList<>();
        for (int version = 1; ; version++) {
            String resource = "/released/" + type.getSimpleName() + ".v" + version + ".avsc";
            try (InputStream text = type.getResourceAsStream(resource)) {
                if (text == null) {
                    return schemas;
                }
                schemas.add(new SchemaParser().parse(text).mainSchema());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + resource, e);
            }
        }
    }
}
