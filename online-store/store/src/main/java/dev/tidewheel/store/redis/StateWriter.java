package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidewheel.store.FeatureWriter.Outcome;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Sends states through the scripts: heads first, bases only where the server lacks them. */
final class StateWriter {
    private static final Script HEADS = Script.named("write-heads.lua");
    private static final Script STATES = Script.named("write-states.lua");

    private final RedisLink link;
    private final StoreKeys keys;
    private final int batchKeys;
    private final boolean bySlot;
    private final byte[] tombstoneLife;

    StateWriter(RedisLink link, StoreKeys keys, RedisStoreConfig config) {
        this.link = link;
        this.keys = keys;
        this.batchKeys = config.batchKeys();
        this.bySlot = config.topology() == RedisStoreConfig.Topology.CLUSTER;
        this.tombstoneLife = Long.toString(
                        config.tombstoneLife().map(Duration::toMillis).orElse(0L))
                .getBytes(US_ASCII);
    }

    /** What became of states, and how many were sent with their base. */
    record Written(Outcome outcome, int bases) {
        static final Written NOTHING = new Written(new Outcome(0, 0), 0);

        Written plus(Written that) {
            return new Written(outcome.plus(that.outcome), bases + that.bases);
        }
    }

    /** A state on its way: its names and what they are to hold. */
    private record Item(ViewKey key, byte[] head, byte[] plainBase) {
        byte[] base() {
            return Envelope.base(plainBase);
        }
    }

    CompletableFuture<Written> write(Map<ViewKey, StoredState> batch) {
        List<Item> items = new ArrayList<>(batch.size());
        batch.forEach((key, state) -> items.add(new Item(key, Envelope.head(state), state.base())));
        return inGroups(items, this::writeHeads);
    }

    CompletableFuture<Written> delete(Map<ViewKey, StoredState> batch) {
        List<Item> items = new ArrayList<>(batch.size());
        batch.forEach((key, state) ->
                items.add(new Item(key, Envelope.tombstone(state.version(), state.flush()), new byte[0])));
        return inGroups(items, this::writeWhole);
    }

    private CompletableFuture<Written> writeHeads(List<Item> items) {
        List<byte[]> names = items.stream().map(item -> keys.head(item.key())).toList();
        List<byte[]> heads = items.stream().map(Item::head).toList();
        return HEADS.call(link.commands(), names, heads).thenCompose(verdicts -> {
            if (verdicts.isEmpty()) {
                return CompletableFuture.completedFuture(new Written(new Outcome(items.size(), 0), 0));
            }
            List<Item> baseless = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                if (verdicts.charAt(i) == 'B') {
                    baseless.add(items.get(i));
                }
            }
            Written written = new Written(outcome(verdicts), 0);
            return baseless.isEmpty()
                    ? CompletableFuture.completedFuture(written)
                    : writeWhole(baseless).thenApply(written::plus);
        });
    }

    private CompletableFuture<Written> writeWhole(List<Item> items) {
        List<byte[]> names = new ArrayList<>(2 * items.size());
        List<byte[]> values = new ArrayList<>(2 * items.size() + 1);
        values.add(tombstoneLife);
        int bases = 0;
        for (Item item : items) {
            names.add(keys.head(item.key()));
            names.add(keys.base(item.key()));
            values.add(item.head());
            values.add(item.base());
            bases += item.plainBase().length > 0 ? 1 : 0;
        }
        int sent = bases;
        return STATES.call(link.commands(), names, values).thenApply(verdicts -> new Written(outcome(verdicts), sent));
    }

    private static Outcome outcome(String verdicts) {
        int accepted = (int) verdicts.chars().filter(c -> c == 'A').count();
        int superseded = (int) verdicts.chars().filter(c -> c == 'S').count();
        return new Outcome(accepted, superseded);
    }

    /** All groups are under way at once; the result is there when the last is. */
    private CompletableFuture<Written> inGroups(
            List<Item> items, Function<List<Item>, CompletableFuture<Written>> call) {
        CompletableFuture<Written> all = CompletableFuture.completedFuture(Written.NOTHING);
        for (List<Item> slot : bySlot ? slots(items) : List.of(items)) {
            for (int from = 0; from < slot.size(); from += batchKeys) {
                List<Item> group = slot.subList(from, Math.min(from + batchKeys, slot.size()));
                all = all.thenCombine(call.apply(group), Written::plus);
            }
        }
        return all;
    }

    private static Collection<List<Item>> slots(List<Item> items) {
        Map<Integer, List<Item>> slots = new TreeMap<>();
        for (Item item : items) {
            slots.computeIfAbsent(StoreKeys.bucket(item.key().entity()), bucket -> new ArrayList<>())
                    .add(item);
        }
        return slots.values();
    }
}
