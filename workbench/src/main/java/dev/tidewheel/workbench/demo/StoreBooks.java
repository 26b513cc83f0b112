package dev.tidewheel.workbench.demo;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.definitions.FeatureView;
import dev.tidewheel.feature.view.FeatureSpec;
import dev.tidewheel.feature.view.ViewPlan;
import dev.tidewheel.feature.window.Window;
import dev.tidewheel.history.books.Books;
import dev.tidewheel.history.books.DeadLetters;
import dev.tidewheel.history.books.StoreCheck;
import dev.tidewheel.history.books.ViewCounts;
import dev.tidewheel.history.served.FrontierIndex;
import dev.tidewheel.history.source.ChangeHistory;
import dev.tidewheel.history.topic.TopicScan;
import dev.tidewheel.records.DeadLetter;
import dev.tidewheel.records.Definition;
import dev.tidewheel.records.Frontier;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.runtime.registry.Registry;
import dev.tidewheel.runtime.registry.ViewLineages;
import dev.tidewheel.store.FeatureReader;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books of the views: what the store holds against what the raw table says it should. For one thread. */
final class StoreBooks {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final Logger LOG = LoggerFactory.getLogger(StoreBooks.class);

    private final Script script;
    private final TopicScan topics;
    private final Map<String, Definition> inForce;

    /**
     * @param inForce the registry: it knows the views' lineages
     */
    StoreBooks(Script script, TopicScan topics, Map<String, Definition> inForce) {
        this.script = script;
        this.topics = topics;
        this.inForce = inForce;
    }

    /**
     * Enters the equations of all views of the source.
     *
     * @param t after everything became visible, epoch milliseconds
     */
    void enter(Books books, ChangeHistory raw, FeatureReader store, long t) throws InterruptedException {
        DeadLetters letters = new DeadLetters();
        topics.scan(Topics.DEAD_LETTERS, DeadLetter.class, letters::add);
        FrontierIndex frontiers = new FrontierIndex();
        topics.scan(Topics.FRONTIERS, Frontier.class, frontiers::add);
        for (FeatureView view : script.definitions().views()) {
            if (view.source().equals(script.source().name())) {
                ViewPlan plan = script.definitions().viewPlan(view.name());
                long lineage = lineage(view.name());
                long cohort = cohort(view.name(), lineage);
                StoreStates states = new StoreStates(store, plan, lineage);
                ViewCounts counts = states.counts();
                ChangeHistory read = read(
                        raw,
                        ViewLineages.id(view.name(), lineage),
                        frontiers.imports(view.name(), lineage).orElse(Set.of()));
                books.view(plan, read, counts, letters, cohort);
                StoreCheck check =
                        new StoreCheck(plan, read, letters.freed(plan.spec().entity(), cohort));
                values(books, plan, check, states, t);
                lifetimeCount(plan).ifPresent(feature -> books.lifetime(view.name(), states.sum(feature, t), counts));
            }
        }
    }

    /**
     * A lineage that has begun before an import goes on without it. The sums do not see one that has begun after and left it
     * out: both are named.
     */
    private static ChangeHistory read(ChangeHistory raw, String lineage, Set<Integer> imports) {
        Set<Integer> unread = raw.coverage().keySet().stream()
                .filter(Channels::isImport)
                .filter(partition -> !imports.contains(partition))
                .collect(Collectors.toSet());
        if (!unread.isEmpty()) {
            LOG.warn(
                    "the books expect no row of imports {} in {}: right if it was begun before them, else rows are missing",
                    unread.stream().map(Channels::importNumber).sorted().toList(),
                    lineage);
        }
        return raw.without(unread);
    }

    /** At rest, every value of every key equals the oracle's: now, and as it decays. */
    private static void values(Books books, ViewPlan plan, StoreCheck check, StoreStates states, long t) {
        StoreCheck.Outcome outcome = check.compare(states, List.of(t, t + HOUR_MILLIS, t + 6 * HOUR_MILLIS));
        outcome.examples().forEach(example -> LOG.error("store and oracle differ: {}", example));
        String view = plan.spec().name();
        books.equal(
                "view " + view + ", keys",
                "in the raw table",
                outcome.keys() + outcome.superfluous().size(),
                "in the store",
                outcome.keys() - outcome.missing().size());
        books.equal(
                "view " + view + ", values of all keys",
                "in the store",
                outcome.values(),
                "equal to the oracle's",
                outcome.values() - outcome.different());
    }

    private long lineage(String view) {
        Definition definition = inForce.get(Registry.key("FeatureView", view));
        if (definition == null) {
            throw new IllegalStateException("view " + view + " is not in the registry");
        }
        return definition.getLineage();
    }

    /** Which pipeline computes a lineage, and writes its dead letters. */
    private long cohort(String view, long lineage) {
        return ViewLineages.ofView(inForce, view).stream()
                .filter(known -> known.lineage() == lineage)
                .mapToLong(ViewLineages.ViewLineage::cohort)
                .findFirst()
                .orElse(ViewLineages.MAIN);
    }

    /** The slot of a feature that counts everything for ever. */
    private static OptionalInt lifetimeCount(ViewPlan plan) {
        List<FeatureSpec> features = plan.spec().features();
        return IntStream.range(0, features.size())
                .filter(slot -> features.get(slot).aggregate().equals("count")
                        && features.get(slot).where().isEmpty()
                        && features.get(slot).of().isEmpty()
                        && features.get(slot).window() instanceof Window.Lifetime)
                .findFirst();
    }
}
