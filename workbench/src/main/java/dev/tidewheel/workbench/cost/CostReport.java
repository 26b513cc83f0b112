package dev.tidewheel.workbench.cost;

import dev.tidewheel.definitions.Definitions;
import dev.tidewheel.definitions.FeatureService;
import dev.tidewheel.definitions.FeatureView;
import dev.tidewheel.definitions.ServiceCost;
import dev.tidewheel.definitions.Source;
import dev.tidewheel.feature.view.ViewCost;
import dev.tidewheel.feature.view.ViewPlan;
import java.time.Duration;
import java.util.List;

/**
 * Estimates for busy keys, as {@link ViewCost} says. Bytes are bytes; nothing here is measured.
 *
 * @param keys of each view
 * @param everyMillis between two events of a key
 * @param views one per view
 * @param services one per service, for one row
 * @param sources one per source: what its job holds and writes
 */
public record CostReport(long keys, long everyMillis, List<View> views, List<Service> services, List<Job> sources) {

    /**
     * @param name the view
     * @param source the source that it reads
     * @param bytesPerKey state of one key
     * @param mostBytesPerKey the same if all that has a bound has reached it: what limits are held against
     * @param bytesPerEvent written to the store, on average
     * @param mergesPerRead partial aggregates that a read merges
     * @param rowsPerRead rows that a read folds
     * @param bytesOfAllKeys state of all keys
     * @param parts what the bytes of a key are for
     */
    public record View(
            String name,
            String source,
            long bytesPerKey,
            long mostBytesPerKey,
            long bytesPerEvent,
            long mergesPerRead,
            long rowsPerRead,
            long bytesOfAllKeys,
            List<ViewCost.Part> parts) {
        public View {
            parts = List.copyOf(parts);
        }
    }

    /**
     * @param name the service
     * @param cost of one row
     */
    public record Service(String name, ServiceCost cost) {}

    /**
     * @param name the source
     * @param views how many views its job computes
     * @param bytesOfAllKeys the state of all of them
     * @param bytesPerEvent what one event writes in all of them
     * @param bytesToTell the state from which it tells its changelog: that of the upstream view once more; 0 if the source
     *     is no changelog
     */
    public record Job(String name, int views, long bytesOfAllKeys, long bytesPerEvent, long bytesToTell) {}

    public CostReport {
        views = List.copyOf(views);
        services = List.copyOf(services);
        sources = List.copyOf(sources);
    }

    /**
     * Estimates everything.
     *
     * @param definitions without problems
     * @param keys of each view
     * @param every between two events of a key
     */
    public static CostReport of(Definitions definitions, long keys, Duration every) {
        List<View> views = definitions.views().stream()
                .map(view -> view(view, definitions.viewPlan(view.name()), keys, every))
                .toList();
        List<Service> services = definitions.services().stream()
                .map(FeatureService::name)
                .map(name -> new Service(name, ServiceCost.of(definitions.servicePlan(name))))
                .toList();
        List<Job> sources = definitions.sources().stream()
                .map(source -> job(source, views, bytesToTell(definitions, source, keys)))
                .toList();
        return new CostReport(keys, every.toMillis(), views, services, sources);
    }

    private static View view(FeatureView view, ViewPlan plan, long keys, Duration every) {
        ViewCost cost = plan.cost();
        return new View(
                view.name(),
                view.source(),
                cost.bytesPerKey(),
                cost.mostBytesPerKey(),
                cost.bytesWrittenPerEvent(every, plan.spec().headSpanMillis()),
                cost.mergesPerRead(),
                cost.rowsPerRead(),
                cost.bytes(keys),
                cost.parts());
    }

    private static long bytesToTell(Definitions definitions, Source source, long keys) {
        return definitions
                .upstream(source.name())
                .map(upstream -> upstream.plan().cost().bytes(keys))
                .orElse(0L);
    }

    private static Job job(Source source, List<View> all, long bytesToTell) {
        List<View> views =
                all.stream().filter(view -> view.source().equals(source.name())).toList();
        return new Job(
                source.name(),
                views.size(),
                views.stream().mapToLong(View::bytesOfAllKeys).sum(),
                views.stream().mapToLong(View::bytesPerEvent).sum(),
                bytesToTell);
    }
}
