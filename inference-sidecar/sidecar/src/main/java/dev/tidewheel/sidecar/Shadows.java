package dev.tidewheel.sidecar;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Asks the shadow what was answered just now. Nothing that it does reaches the caller: it begins when the answer is known,
 * has connections of its own, and when too many requests are with it already, the next ones are not asked and their rows
 * counted as dropped. Thread-safe.
 */
final class Shadows implements AutoCloseable {
    private final Scoring scoring;
    private final SidecarMetrics metrics;
    private final int capacity;
    private final Duration closeDeadline;

    /** Guarded by this, as is {@link #closing}. */
    private int inFlight;

    private boolean closing;

    /**
     * @param capacity at most so many requests at once
     * @param closeDeadline how long a stop waits for those under way
     */
    Shadows(Scoring scoring, int capacity, Duration closeDeadline, SidecarMetrics metrics) {
        this.scoring = scoring;
        this.capacity = capacity;
        this.closeDeadline = closeDeadline;
        this.metrics = metrics;
    }

    /**
     * Asks the shadow of a request's traffic, if it has one. Called on an event loop.
     *
     * @param answered the part of the version that answered
     * @return completes, never exceptionally, when the shadow's rows are logged or dropped
     */
    Future<Void> ask(Traffic traffic, InferRequestParser.Parsed parsed, Passage answered) {
        return traffic.shadow()
                .map(shadow -> ask(shadow, traffic, parsed, answered))
                .orElse(Future.succeededFuture());
    }

    private Future<Void> ask(Serving shadow, Traffic traffic, InferRequestParser.Parsed parsed, Passage answered) {
        InferRequest request;
        try {
            request = InferRequestParser.of(parsed, shadow, traffic.inputs());
        } catch (
                RequestProblem unfit) { // It was trained on another service, which takes what this caller did not send.
            metrics.shadowDropped("request", parsed.rows());
            return Future.succeededFuture();
        }
        String refusal = enter();
        if (!refusal.isEmpty()) {
            metrics.shadowDropped(refusal, parsed.rows());
            return Future.succeededFuture();
        }
        Passage passage = new Passage(Arm.SHADOW, shadow, request, answered.admitted());
        Promise<Void> done = Promise.promise();
        Context context = Vertx.currentContext();
        // The answer goes out first.
        context.runOnContext(later -> score(answered, passage)
                .onComplete(scored -> leave())
                .compose(scored -> Future.fromCompletionStage(scored.logged(), context))
                .onComplete(logged -> done.complete()));
        return done.future();
    }

    private Future<Scoring.Scored> score(Passage answered, Passage passage) {
        return answered.hasReadFor(passage) ? scoring.scoreAs(answered, passage) : scoring.score(passage);
    }

    private synchronized String enter() {
        if (closing) {
            return "closing";
        }
        if (inFlight >= capacity) {
            return "saturated";
        }
        inFlight++;
        metrics.shadowsInFlight(inFlight);
        return "";
    }

    private synchronized void leave() {
        inFlight--;
        metrics.shadowsInFlight(inFlight);
        notifyAll();
    }

    /** Asks no more, and waits for those under way. */
    @Override
    public synchronized void close() throws InterruptedException {
        closing = true;
        long end = System.nanoTime() + closeDeadline.toNanos();
        for (long left = closeDeadline.toNanos(); inFlight > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
