package dev.tidewheel.sidecar;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the registry: which versions of the model serve, and with which definitions. A change that cannot be served (a
 * definition is missing, a column unknown) leaves what is served as it is, and says so. So does, for as long, one to a version
 * that the model server does not have yet: {@link VersionGate} admits it. Looks at nothing before the registry
 * was read to its end: half of its past may name a champion of long ago. Thread-safe.
 */
final class TrafficFollower {
    private static final Logger LOG = LoggerFactory.getLogger(TrafficFollower.class);
    private static final String ERASURES = Registry.key(Erasures.KIND, "");

    /**
     * What is served, and what is not.
     *
     * @param traffic what is served; empty before there is anything
     * @param refused what the registry wants and cannot be served
     */
    record State(Optional<Traffic> traffic, Optional<Refused> refused) {
        String reason() {
            String refusal = refused.map(Refused::describe).orElse("");
            return traffic.map(served -> served.describe() + (refusal.isEmpty() ? "" : "; " + refusal))
                    .orElse(refusal);
        }
    }

    /**
     * @param generation that was wanted; 0 if there is none or it cannot be read
     * @param reason why it is not served
     */
    record Refused(long generation, String reason) {
        String describe() {
            return (generation == 0 ? "" : "traffic generation " + generation + " is not served: ") + reason;
        }
    }

    private final String model;
    private final Supplier<Health> registry;
    private final boolean gated;
    /** Guarded by this. */
    private Map<String, Definition> newest = Map.of();

    /** Compiled, and waiting for its versions. */
    private volatile Optional<Traffic> waiting = Optional.empty();

    private volatile boolean caughtUp;
    private volatile State state =
            new State(Optional.empty(), Optional.of(new Refused(0, "the registry has not been read yet")));

    @SuppressWarnings("this-escape") // The listener sees only fields that are set before it.
    TrafficFollower(Registry registry, String model) {
        this(registry::health, model, true);
        registry.listen(this::changed);
        begin(registry.snapshot());
    }

    /**
     * Follows nothing by itself: whoever made it calls {@link #follow}.
     *
     * @param registry up once the registry was read to its end
     * @param gated whether a change to further versions waits until it is admitted
     */
    TrafficFollower(Supplier<Health> registry, String model, boolean gated) {
        this.model = model;
        this.registry = registry;
        this.gated = gated;
    }

    /** @throws RequestProblem with status 503 and the reason while there is nothing to serve */
    Traffic current() {
        State now = state();
        return now.traffic().orElseThrow(() -> RequestProblem.unavailable("not ready: " + now.reason()));
    }

    /**
     * What is served and what is not.
     *
     * @throws RequestProblem with status 503 while the registry's past is being read
     */
    State state() {
        Health read = catchUp();
        if (!caughtUp) {
            throw RequestProblem.unavailable("not ready: " + read.reason());
        }
        return state;
    }

    /** Ready as soon as there is something to serve. */
    Health health() {
        Health read = catchUp();
        if (!caughtUp) {
            return read;
        }
        State now = state;
        return new Health(now.traffic().isPresent(), now.reason());
    }

    /** What is to be served once its versions are ready. */
    Optional<Traffic> waiting() {
        return waiting;
    }

    /** The versions that what waits has and what is served has not. */
    List<String> newVersions(Traffic wanted) {
        List<String> versions = new ArrayList<>(wanted.versions());
        state.traffic().ifPresent(served -> versions.removeAll(served.versions()));
        return versions;
    }

    /** All versions are ready: what waited is served, unless the registry has changed its mind meanwhile. */
    synchronized void admit(Traffic ready) {
        if (waiting.filter(wanted -> wanted == ready).isPresent()) {
            waiting = Optional.empty();
            become(new State(Optional.of(ready), Optional.empty()));
        }
    }

    /** What was there before the listener, unless that was told of more meanwhile. */
    private synchronized void begin(Map<String, Definition> definitions) {
        if (newest.isEmpty()) {
            follow(definitions);
        }
    }

    /**
     * Takes all definitions after changes of some, by their keys. Those of the list of erased entities are nobody's who
     * serves: they come by the thousand, and what waits for its versions would begin to wait anew with each.
     */
    void changed(Set<String> keys, Map<String, Definition> after) {
        if (!keys.stream().allMatch(key -> key.startsWith(ERASURES))) {
            follow(after);
        }
    }

    /** Takes all definitions after a change. */
    synchronized void follow(Map<String, Definition> definitions) {
        newest = definitions;
        if (caughtUp) {
            serve();
        } else {
            catchUp();
        }
    }

    /** From the first time on that the registry was read to its end, what is served stays, even while Kafka is away. */
    private Health catchUp() {
        if (caughtUp) {
            return Health.up("following");
        }
        Health read = registry.get();
        if (read.ok()) {
            synchronized (this) {
                if (!caughtUp) {
                    serve();
                    caughtUp = true;
                }
            }
        }
        return read;
    }

    private void serve() {
        waiting = Optional.empty();
        ServiceCompiler compiler = new ServiceCompiler(newest, model);
        long generation = 0;
        try {
            TrafficSpec spec = TrafficSpec.of(newest, model);
            generation = spec.generation();
            serve(compiler, spec);
        } catch (IllegalArgumentException e) {
            refuse(generation, String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) { // A defect of ours must not end the service of the former version.
            refuse(generation, "the registry's newest state cannot be compiled: " + e, e);
        }
    }

    private void serve(ServiceCompiler compiler, TrafficSpec spec) {
        try {
            serveOrWait(compiler.traffic(spec));
        } catch (IllegalArgumentException e) {
            // Who starts now has no former state; a broken canary or shadow must not keep it from serving the champion.
            if (state.traffic().isPresent()) {
                throw e;
            }
            Traffic champion = compiler.traffic(spec.championAlone());
            Refused others = new Refused(spec.generation(), String.valueOf(e.getMessage()));
            become(new State(Optional.of(champion), Optional.of(others)));
        }
    }

    private void serveOrWait(Traffic next) {
        List<String> versions = newVersions(next);
        if (!gated || state.traffic().isEmpty() || versions.isEmpty()) {
            become(new State(Optional.of(next), Optional.empty()));
        } else {
            Refused yet =
                    new Refused(next.generation(), "the model server is not known to have " + versions + " ready yet");
            state = new State(state.traffic(), Optional.of(yet));
            waiting = Optional.of(next);
        }
    }

    private void refuse(long generation, String reason, @Nullable RuntimeException defect) {
        if (defect != null) {
            LOG.error("model {}: {}", model, reason, defect);
        }
        become(new State(state.traffic(), Optional.of(new Refused(generation, reason))));
    }

    private void become(State next) {
        if (!next.reason().equals(state.reason())) {
            next.refused()
                    .ifPresentOrElse(
                            refused -> LOG.error("model {}: {}", model, next.reason()),
                            () -> LOG.info("model {} {}", model, next.reason()));
        }
        state = next;
    }
}
