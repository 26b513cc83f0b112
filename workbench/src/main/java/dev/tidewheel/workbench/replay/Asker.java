package dev.tidewheel.workbench.replay;

import dev.tidewheel.workbench.replay.Story.Question;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Asks questions of an inference endpoint, several at a time, and measures how long the answers take. A question that
 * finds nobody, or an overloaded server, is asked again until a deadline, with the same id. Thread-safe.
 */
public final class Asker implements AutoCloseable {
    /** Tells the sidecar at which moment of the story a question is asked. */
    static final String TIME_HEADER = "x-tidewheel-time";

    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int DIGITS = 3;
    private static final int SHOWN = 500;

    private final HttpClient client;
    private final URI endpoint;
    private final Duration deadline;
    private final Runnable check;
    private final ExecutorService threads;
    private final Histogram latency = new ConcurrentHistogram(DIGITS);
    private final AtomicLong retried = new AtomicLong();

    /**
     * @param endpoint {@code …/v2/models/<model>/infer}
     * @param concurrency how many questions are asked at once
     * @param deadline how long one question may take, restarts of whoever answers included
     * @param check throws when asking again is of no use
     */
    public Asker(URI endpoint, int concurrency, Duration deadline, Runnable check) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ATTEMPT)
                .build();
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.check = check;
        this.threads = Executors.newFixedThreadPool(concurrency, work -> {
            Thread thread = new Thread(work, "asker");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Asks all questions and returns when all are answered.
     *
     * @throws ReplayStuckException if one is refused, or not answered within the deadline
     */
    public void ask(List<Question> questions) throws InterruptedException {
        List<Future<?>> answers = new ArrayList<>(questions.size());
        for (Question question : questions) {
            answers.add(threads.submit(() -> {
                ask(question);
                return null;
            }));
        }
        for (Future<?> answer : answers) {
            try {
                answer.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new ReplayStuckException("a question failed: " + e, e);
            }
        }
    }

    /** From first asking to the answer, nanoseconds. */
    public Histogram latency() {
        return latency;
    }

    /** How many questions had to be asked more than once. */
    public long retried() {
        return retried.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void ask(Question question) throws InterruptedException {
        long begin = System.nanoTime();
        boolean again = false;
        while (!answered(question)) {
            check.run();
            if (System.nanoTime() - begin > deadline.toNanos()) {
                throw new ReplayStuckException("nobody at " + endpoint + " answered question " + question.requestId()
                        + " within " + deadline.toSeconds() + " s");
            }
            if (!again) {
                retried.incrementAndGet();
                again = true;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
        latency.recordValue(System.nanoTime() - begin);
    }

    private boolean answered(Question question) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(ATTEMPT)
                .header("Content-Type", "application/json")
                .header(TIME_HEADER, Long.toString(question.at()))
                .POST(BodyPublishers.ofByteArray(question.body()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return true;
            }
            if (response.statusCode() >= 500 || response.statusCode() == 429) {
                return false;
            }
            throw new ReplayStuckException("question " + question.requestId() + " was refused with "
                    + response.statusCode() + ": " + shortened(response.body()));
        } catch (IOException e) {
            return false; // Nobody there, or gone in between: the same id makes asking again safe.
        }
    }

    private static String shortened(String body) {
        return body.length() > SHOWN ? body.substring(0, SHOWN) + "…" : body;
    }
}
