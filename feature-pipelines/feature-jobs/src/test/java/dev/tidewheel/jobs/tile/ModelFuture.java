package dev.tidewheel.jobs.tile;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future whose waiters do not block: whoever waits for it lets the rest of the world go on until it is done. So blocking
 * code runs in a simulation of one thread, unchanged. What is derived from it waits in the same way.
 */
final class ModelFuture<T> extends CompletableFuture<T> {
    private final ModelRun run;
    private final ModelSubtask owner;

    ModelFuture(ModelRun run, ModelSubtask owner) {
        this.run = run;
        this.owner = owner;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new ModelFuture<>(run, owner);
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        while (!isDone()) {
            owner.requireAlive();
            run.waitAStep();
        }
        owner.requireAlive();
        return super.get(timeout, unit);
    }
}
