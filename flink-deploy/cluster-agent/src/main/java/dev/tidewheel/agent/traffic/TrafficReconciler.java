package dev.tidewheel.agent.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidewheel.agent.desired.Wanted;
import dev.tidewheel.agent.reconcile.Observed;
import dev.tidewheel.agent.reconcile.Reconciler;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.ObservedPhase;
import dev.tidewheel.runtime.clock.Clock;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes traffic so: writes it to the registry, the champion's alias with it, and waits until every sidecar applies it. What
 * somebody else writes over it is written again. For one thread.
 *
 * <p>A generation that is not applied everywhere by the deadline has failed; if it is applied later after all, that is
 * reported, too. The deadline is wall time since this agent first saw the generation, so a new agent grants it anew.
 */
public final class TrafficReconciler implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(TrafficReconciler.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Supplier<Map<String, Definition>> registry;
    private final RegistryPublisher publisher;
    private final Sidecars sidecars;
    private final Clock clock;
    private final Clock wall;
    private final Duration deadline;
    private final Map<String, Since> since = new HashMap<>();

    /** When a generation was first seen, wall time. */
    private record Since(long generation, long at) {}

    /**
     * @param registry the registry now, by kind/name
     * @param sidecars their public addresses
     * @param clock dates what is published
     * @param wall measures the deadline
     * @param deadline for all sidecars to apply a generation
     */
    public TrafficReconciler(
            Supplier<Map<String, Definition>> registry,
            RegistryPublisher publisher,
            HttpClient http,
            List<URI> sidecars,
            Clock clock,
            Clock wall,
            Duration deadline) {
        this.registry = registry;
        this.publisher = publisher;
        this.sidecars = new Sidecars(http, sidecars);
        this.clock = clock;
        this.wall = wall;
        this.deadline = deadline;
    }

    @Override
    public Optional<Observed> reconcile(Wanted wanted, Optional<Observed> reported) throws InterruptedException {
        try {
            Map<String, Definition> inForce = registry.get();
            List<Definition> records = wanted.present() ? records(wanted) : List.of();
            boolean asWanted = records.stream().allMatch(record -> isInForce(record, inForce));
            boolean settled = reported.filter(seen -> seen.phase() == ObservedPhase.SUCCEEDED)
                    .isPresent();
            if (wanted.present() && asWanted && settled) {
                return reported;
            }
            TrafficState state = new TrafficState(
                    published(wanted.model(), inForce),
                    asWanted,
                    wanted.present() && asWanted ? sidecars.applied(wanted.model()) : Map.of(),
                    isExpired(wanted) || reported.filter(Observed::isFinal).isPresent());
            return execute(TrafficPlan.next(wanted, state), wanted, records, inForce);
        } catch (IllegalArgumentException e) {
            LOG.warn("{} generation {} cannot be made so", wanted.key(), wanted.generation(), e);
            return Optional.of(Observed.failed(String.valueOf(e.getMessage())));
        }
    }

    private Optional<Observed> execute(
            TrafficStep step, Wanted wanted, List<Definition> records, Map<String, Definition> inForce) {
        if (step instanceof TrafficStep.Report report) {
            return Optional.of(report.observed());
        }
        if (step instanceof TrafficStep.Publish) {
            records.forEach(record -> publisher.publish(record, inForce));
            return Optional.of(Observed.of(ObservedPhase.RUNNING, "published"));
        }
        if (step instanceof TrafficStep.Withdraw) {
            publisher.remove(ServingRecords.TRAFFIC, wanted.model());
        }
        return Optional.empty();
    }

    private boolean isExpired(Wanted wanted) {
        Since first = since.get(wanted.key());
        if (first == null || first.generation() != wanted.generation()) {
            first = new Since(wanted.generation(), wall.now());
            since.put(wanted.key(), first);
        }
        return wall.now() - first.at() > deadline.toMillis();
    }

    private List<Definition> records(Wanted wanted) {
        TrafficSpec spec = TrafficSpec.read(wanted.spec());
        long now = clock.now();
        return List.of(
                ServingRecords.traffic(
                        wanted.model(), wanted.generation(), spec.champion(), spec.shadow(), spec.canary(), now),
                ServingRecords.champion(wanted.model(), spec.champion(), now));
    }

    private static boolean isInForce(Definition record, Map<String, Definition> inForce) {
        Definition held = inForce.get(Registry.key(record.getKind(), record.getName()));
        return held != null && held.getHash().equals(record.getHash());
    }

    private static OptionalLong published(String model, Map<String, Definition> inForce) {
        Definition held = inForce.get(Registry.key(ServingRecords.TRAFFIC, model));
        if (held == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(
                    JSON.readTree(held.getBody()).path("generation").asLong());
        } catch (JsonProcessingException e) {
            return OptionalLong.of(0); // Whatever it is, it may be replaced.
        }
    }
}
