package dev.tidewheel.store.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import dev.tidewheel.store.simulation.Simulation.Mistake;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** At rest every key equals the truth, and no version falls, whatever goes wrong on the way. */
final class WriterModelTest {
    private static final int SEEDS = 20_000;

    @Test
    void comesToRestAtTheTruth() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Simulation(seed, new InMemorySimulatedStore(), Mistake.NONE).run();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void noticesWritesThatIgnoreVersions() {
        assertThat(isNoticed(Forgetful::new, Mistake.NONE)).isTrue();
    }

    @Test
    void noticesDeletesThatForgetTheirVersion() {
        assertThat(isNoticed(InMemorySimulatedStore::new, Mistake.FORGETS_DELETED_VERSIONS))
                .isTrue();
    }

    @Test
    void noticesTrustInAnyServer() {
        assertThat(isNoticed(InMemorySimulatedStore::new, Mistake.TRUSTS_ANY_SERVER))
                .isTrue();
    }

    @Test
    void noticesHeadsOnForeignBases() {
        assertThat(isNoticed(HeadsOnly::new, Mistake.NONE)).isTrue();
    }

    private static boolean isNoticed(Supplier<SimulatedStore> stores, Mistake mistake) {
        return LongStream.range(0, SEEDS).anyMatch(seed -> fails(new Simulation(seed, stores.get(), mistake)));
    }

    private static boolean fails(Simulation simulation) {
        try {
            simulation.run();
            return false;
        } catch (AssertionError expected) {
            return true;
        }
    }

    /** Takes whatever comes last. */
    private static final class Forgetful extends InMemorySimulatedStore {
        @Override
        public Outcome write(Map<ViewKey, StoredState> batch) {
            lose();
            return super.write(batch);
        }
    }

    /** Lets a head that is not of a new generation leave the stored base as it is. */
    private static final class HeadsOnly extends InMemorySimulatedStore {
        @Override
        public Outcome write(Map<ViewKey, StoredState> batch) {
            Map<ViewKey, StoredState> onStoredBases = new HashMap<>();
            batch.forEach((key, state) -> {
                StoredState stored = read(key);
                boolean sameSize = stored != null && stored.base().length == state.base().length;
                byte[] base = sameSize ? stored.base() : state.base();
                onStoredBases.put(key, new StoredState(state.version(), state.flush(), base, state.head()));
            });
            return super.write(onStoredBases);
        }
    }
}
