package dev.tidewheel.history.parity;

import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.records.Inference;
import dev.tidewheel.records.InferenceStatus;
import dev.tidewheel.runtime.erase.ErasedInferences;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Online equals offline, for every value ever served. A logged vector says which flush wrote each value; the frontier of
 * that flush says which offsets it contained; the oracle recomputes the value from the raw rows before those offsets, at
 * the vector's t. What differs is unexplained: there is no tolerance and no list of exceptions.
 *
 * <p>All arms are judged alike, each by the version of the service that its vector names: while a rollout is under way
 * there may be several. A vector of a version that was not given is unexplained, never passed over.
 *
 * <p>Feed it the log with {@link #add}, in any order, then ask for the {@link #result}. Vectors are judged in batches, so
 * memory is bounded by the raw rows of the views' sources and the names of the requests. For one thread; the work is
 * spread over threads of its own until {@link #close}.
 */
public final class Parity implements AutoCloseable {
    private static final int SHORT_HASH = 15;

    private final ParitySettings settings;
    private final ExecutorService workers;
    private final Differences differences;
    private final ServiceParity first;
    private final Map<String, ServiceParity> byHash = new LinkedHashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Long> byArm = new TreeMap<>();
    private final Set<String> unserved = new HashSet<>();
    private long repeated;
    private long contradictory;

    /**
     * @param service whose vectors are judged
     * @param serviceHash which version of it: vectors of another one are unexplained
     * @param histories by view, the raw rows of its source
     * @param frontiers of the whole run
     * @param letters of the whole run: which changes the job refused, because the memory of their time was freed
     * @throws IllegalArgumentException if a view of the service has no history
     */
    public Parity(
            ServicePlan service,
            String serviceHash,
            Map<String, ChangeHistory> histories,
            FrontierIndex frontiers,
            DeadLetters letters,
            ParitySettings settings) {
        this(List.of(new JudgedService(service, serviceHash, histories)), frontiers, letters, settings);
    }

    /**
     * @param services the versions whose vectors are judged, the one in force first; views of the others carry the
     *     beginning of their hash in the report
     * @param frontiers of the whole run
     * @param letters of the whole run: which changes the job refused, because the memory of their time was freed
     * @throws IllegalArgumentException if there is no version, two have the same hash, or a view has no history
     */
    public Parity(List<JudgedService> services, FrontierIndex frontiers, DeadLetters letters, ParitySettings settings) {
        if (services.isEmpty()) {
            throw new IllegalArgumentException("give at least one service");
        }
        this.settings = settings;
        this.differences = new Differences(settings.listed());
        this.workers = Executors.newFixedThreadPool(settings.threads());
        try {
            for (JudgedService service : services) {
                ServiceParity parity = new ServiceParity(
                        service,
                        byHash.isEmpty() ? "" : "@" + shortened(service.hash()),
                        frontiers,
                        letters,
                        settings.bound().toMillis(),
                        differences,
                        workers);
                if (byHash.put(service.hash(), parity) != null) {
                    throw new IllegalArgumentException("service " + service.hash() + " is given twice");
                }
            }
        } catch (RuntimeException e) {
            workers.shutdownNow();
            throw e;
        }
        this.first = byHash.values().iterator().next();
    }

    private static String shortened(String hash) {
        return hash.substring(0, Math.min(SHORT_HASH, hash.length()));
    }

    /** Takes one record of the log. */
    public void add(Inference inference) throws InterruptedException {
        String name = inference.getRequestId() + "/" + inference.getRow() + "/" + inference.getArm();
        Integer before = seen.putIfAbsent(name, inference.hashCode());
        if (before != null && before == inference.hashCode()) {
            repeated++;
            return;
        }
        if (before == null) {
            byArm.merge(inference.getArm(), 1L, Long::sum);
        } else {
            contradictory++;
        }
        take(inference, name, before == null);
    }

    /** The outcome for everything that was added so far. */
    public ParityReport result() throws InterruptedException {
        List<ViewParity> views = new ArrayList<>();
        for (ServiceParity service : byHash.values()) {
            views.addAll(service.result());
        }
        return new ParityReport(
                seen.size(),
                byArm,
                repeated,
                contradictory,
                unserved.size(),
                settings.bound().toMillis(),
                views,
                differences.all());
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    /** A row that could not be served and was asked again counts as served once one of its records is. */
    private void take(Inference inference, String name, boolean isFirst) throws InterruptedException {
        boolean served = inference.getStatus() != InferenceStatus.FEATURES_UNAVAILABLE
                && inference.getStatus() != InferenceStatus.BAD_REQUEST;
        if (!served) {
            if (isFirst) {
                unserved.add(name);
            }
            return;
        }
        unserved.remove(name);
        ServiceParity service = byHash.get(inference.getServiceHash());
        if (service != null && ErasedInferences.isOne(inference)) {
            service.erased();
        } else if (service != null) {
            service.add(inference);
        } else {
            first.refuse(inference, "service " + inference.getServiceHash(), String.join(" or ", byHash.keySet()));
        }
    }
}
