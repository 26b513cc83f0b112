package dev.tidewheel.jobs.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WriterSchemasTest {
    private static final String RECORD = "{\"type\": \"record\", \"name\": \"R\", \"fields\": []}";

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void anUnknownIdIsAskedAgainAfterAWhile() {
        String[] answer = {null};
        WriterSchemas schemas = schemas(id -> Optional.ofNullable(answer[0]));

        assertThat(schemas.of(1).reader()).isNull();
        assertThat(schemas.of(1).refusal()).isEqualTo("there is none with this id");
        assertThat(asked).hasValue(1);

        answer[0] = RECORD;
        nanos.addAndGet(WriterSchemas.UNKNOWN_FOR.toNanos() + 1);
        assertThat(schemas.of(1).reader()).isNotNull();
        nanos.addAndGet(WriterSchemas.UNKNOWN_FOR.toNanos() + 1);
        assertThat(schemas.of(1).reader()).isNotNull();
        assertThat(asked).hasValue(2);
    }

    @Test
    void garbageIdsDoNotGrowTheCache() {
        WriterSchemas schemas = schemas(id -> Optional.of(RECORD));
        for (int id = 0; id <= WriterSchemas.MOST; id++) {
            assertThat(schemas.of(id).reader()).isNotNull();
        }
        int before = asked.get();
        assertThat(schemas.of(WriterSchemas.MOST).reader()).isNotNull();
        assertThat(asked).as("the newest is kept").hasValue(before);
        assertThat(schemas.of(0).reader()).isNotNull();
        assertThat(asked).as("the oldest is not").hasValue(before + 1);
    }

    private WriterSchemas schemas(WriterSchemas.Source registry) {
        return new WriterSchemas(
                id -> {
                    asked.incrementAndGet();
                    return registry.schema(id);
                },
                UnaryOperator.identity(),
                nanos::get);
    }
}
