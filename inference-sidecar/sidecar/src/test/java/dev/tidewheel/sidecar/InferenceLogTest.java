package dev.tidewheel.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.kafka.RecordSerde;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever Kafka does and whenever the log is closed: every record is logged or counted as dropped, once. */
final class InferenceLogTest {
    private static final int THREADS = 4;
    private static final int REQUESTS = 200;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final MockProducer<String, Inference> producer = new Refusing();

    /** As Kafka's own: what is not delivered when it is closed fails. */
    private static final class Refusing extends MockProducer<String, Inference> {
        Refusing() {
            super(false, null, new StringSerializer(), RecordSerde.of(Inference.class));
        }

        @Override
        public synchronized void close(Duration timeout) {
            super.close(timeout);
            while (errorNext(new KafkaException("closed"))) {
                // Until none is left.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsItsBooks(long seed) throws Exception {
        Random random = new Random(seed);
        SidecarConfig.Log config =
                new SidecarConfig.Log(1 + random.nextInt(50), false, Duration.ofSeconds(5), Duration.ofSeconds(2));
        InferenceLog log = new InferenceLog(producer, config, new SidecarMetrics(registry));
        ExecutorService callers = Executors.newFixedThreadPool(THREADS);
        List<Future<List<CompletableFuture<Boolean>>>> promises = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            promises.add(callers.submit(() -> append(log)));
        }
        // Kafka takes some, refuses some, and has not decided about some when the log is closed.
        for (int i = random.nextInt(2 * REQUESTS); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                producer.errorNext(new KafkaException("no"));
            } else {
                producer.completeNext();
            }
        }
        log.close();
        callers.shutdown();
        long logged = 0;
        for (Future<List<CompletableFuture<Boolean>>> promise : promises) {
            for (CompletableFuture<Boolean> request : promise.get()) {
                assertThat(request).as("seed %d", seed).isDone();
                logged += request.join() ? 1 : 0;
            }
        }
        assertThat(count("admitted")).as("seed %d", seed).isEqualTo(THREADS * REQUESTS);
        assertThat(count("logged")).as("seed %d", seed).isEqualTo(logged);
        assertThat(count("logged") + count("dropped")).as("seed %d", seed).isEqualTo(count("admitted"));
        assertThat(log.waiting()).as("seed %d", seed).isZero();
    }

    private static List<CompletableFuture<Boolean>> append(InferenceLog log) {
        List<CompletableFuture<Boolean>> promises = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            promises.add(log.append(List.of(record("r" + i))));
        }
        return promises;
    }

    private long count(String what) {
        return registry.scrape().stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals("tidewheel_sidecar_rows_" + what))
                .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                .mapToLong(point -> (long) point.getValue())
                .sum();
    }

    private static Inference record(String requestId) {
        return Inference.newBuilder()
                .setT(0)
                .setRequestId(requestId)
                .setRow(0)
                .setArm("champion")
                .setModel("m")
                .setModelVersion("1")
                .setArtifactDigest("sha256:0")
                .setService("s")
                .setServiceHash("sha256:0")
                .setConfigHash("sha256:0")
                .setEntityNames(List.of())
                .setEntityKeys(List.of())
                .setNumbers(List.of())
                .setIntegers(List.of())
                .setStrings(List.of())
                .setNulls(ByteBuffer.allocate(0))
                .setStatuses(ByteBuffer.allocate(0))
                .setCuts(List.of())
                .setPrediction(List.of())
                .setStatus(InferenceStatus.OK)
                .setAdmittedAt(0)
                .setFeatureMicros(0)
                .setModelMicros(0)
                .setTotalMicros(0)
                .build();
    }
}
