package dev.tidewheel.jobs.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WriterSchemasTest {
    private static final String RECORD = "{\"type\": \"record\", \"name\": \"R\", \"fields\": []}";

    private static final Optional<String> REGISTERED = Optional.of(RECORD);
    private static final Duration LAG = Duration.ofSeconds(5);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void anUnknownIdIsAskedAgainAfterAWhile() {
        String[] answer = {null};
        WriterSchemas schemas = schemas(id -> Optional.ofNullable(answer[0]));

        assertThat(schemas.of(1).reader()).isNull();
        int times = asked.get();
        assertThat(schemas.of(1).refusal()).isEqualTo("there is none with this id");
        assertThat(asked).hasValue(times);

        answer[0] = RECORD;
        nanos.addAndGet(WriterSchemas.UNKNOWN_FOR.toNanos() + 1);
        assertThat(schemas.of(1).reader()).isNotNull();
        nanos.addAndGet(WriterSchemas.UNKNOWN_FOR.toNanos() + 1);
        assertThat(schemas.of(1).reader()).isNotNull();
        assertThat(asked).hasValue(times + 1);
    }

    @Test
    void aRegistryThatLagsIsWaitedFor() {
        WriterSchemas schemas = schemas(id -> nanos.get() < LAG.toNanos() * 9 / 10 ? Optional.empty() : REGISTERED);
        assertThat(schemas.of(1).reader()).isNotNull();
        assertThat(nanos.get()).isLessThanOrEqualTo(LAG.toNanos() + 1_000_000);
    }

    @Test
    void aFloodOfUnknownIdsWaitsOnceAndTakesNoPlace() {
        WriterSchemas schemas = schemas(id -> id == -1 ? REGISTERED : Optional.empty());
        assertThat(schemas.of(-1).reader()).isNotNull();
        for (int id = 0; id < 3 * WriterSchemas.MOST; id++) {
            assertThat(schemas.of(id).reader()).isNull();
        }
        assertThat(nanos.get()).as("waited").isBetween(LAG.toNanos(), LAG.toNanos() + 1_000_000);
        int before = asked.get();
        assertThat(schemas.of(-1).reader()).isNotNull();
        assertThat(asked).as("the good one is kept").hasValue(before);

        nanos.addAndGet(WriterSchemas.UNKNOWN_FOR.toNanos() + 1);
        long then = nanos.get();
        assertThat(schemas.of(0).reader()).isNull();
        assertThat(nanos.get() - then).as("waited again").isGreaterThanOrEqualTo(LAG.toNanos());
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
                LAG,
                UnaryOperator.identity(),
                nanos::get,
                millis -> nanos.addAndGet(millis * 1_000_000));
    }
}
