package dev.tidewheel.modelserver;

import dev.tidewheel.modelserver.model.ModelFolder;
import dev.tidewheel.modelserver.model.ModelStore;
import dev.tidewheel.runtime.ops.Health;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the registry's folder again and again, on a thread of its own, and knows whether that works. What was removed from
 * it is unloaded. */
final class RegistryWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

    private final ModelFolder folder;
    private final ModelStore store;
    private final Path path;
    private final ScheduledExecutorService thread;
    private volatile Health health = Health.down("the registry has not been read yet");

    private RegistryWatch(ModelFolder folder, ModelStore store, Path path) {
        this.folder = folder;
        this.store = store;
        this.path = path;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread watcher = new Thread(task, "registry-watch");
            watcher.setDaemon(true);
            return watcher;
        });
    }

    /** Looks once before it returns, then in intervals. */
    static RegistryWatch start(ModelFolder folder, ModelStore store, Path path, Duration interval) {
        RegistryWatch watch = new RegistryWatch(folder, store, path);
        watch.look();
        long millis = interval.toMillis();
        var unused = watch.thread.scheduleWithFixedDelay(watch::look, millis, millis, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Whether the last look worked. */
    Health health() {
        return health;
    }

    private void look() {
        Health before = health;
        try {
            folder.scan();
            store.unloadRemoved();
            health = Health.up(folder.models() + " models in " + path);
        } catch (IOException | RuntimeException e) {
            health = Health.down("cannot read the model registry " + path + ": " + e);
        }
        if (!health.ok() && !health.equals(before)) {
            LOG.warn("{}", health.reason());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
