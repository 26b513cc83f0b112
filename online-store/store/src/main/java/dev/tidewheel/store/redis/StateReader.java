package dev.tidewheel.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewheel.store.StoreFormatException;
import dev.tidewheel.store.StoredState;
import dev.tidewheel.store.ViewKey;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads states by multi-get, and the names of entities by scan. */
final class StateReader {
    private static final int PAGE = 1_000;

    private final RedisLink link;
    private final StoreKeys keys;
    private final Patience patience;

    StateReader(RedisLink link, StoreKeys keys, Patience patience) {
        this.link = link;
        this.keys = keys;
        this.patience = patience;
    }

    CompletableFuture<List<@Nullable StoredState>> read(List<ViewKey> wanted) {
        return halves(wanted).thenCompose(halves -> {
            List<Integer> torn = torn(halves);
            return torn.isEmpty()
                    ? CompletableFuture.completedFuture(states(wanted, halves))
                    : readAgain(wanted, halves, torn);
        });
    }

    private CompletableFuture<List<@Nullable StoredState>> readAgain(
            List<ViewKey> wanted, List<Halves> halves, List<Integer> torn) {
        return halves(torn.stream().map(wanted::get).toList()).thenApply(again -> {
            for (int i = 0; i < torn.size(); i++) {
                halves.set(torn.get(i), again.get(i));
            }
            return states(wanted, halves);
        });
    }

    /** One multi-get; the client of a cluster splits it by slot. */
    private CompletableFuture<List<Halves>> halves(List<ViewKey> wanted) {
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        byte[][] names = new byte[2 * wanted.size()][];
        for (int i = 0; i < wanted.size(); i++) {
            names[2 * i] = keys.head(wanted.get(i));
            names[2 * i + 1] = keys.base(wanted.get(i));
        }
        return link.commands().mget(names).toCompletableFuture().thenApply(StateReader::halvesOf);
    }

    private static List<Halves> halvesOf(List<KeyValue<byte[], byte[]>> answers) {
        List<Halves> halves = new ArrayList<>(answers.size() / 2);
        for (int i = 0; i < answers.size(); i += 2) {
            halves.add(new Halves(
                    answers.get(i).getValueOrElse(null), answers.get(i + 1).getValueOrElse(null)));
        }
        return halves;
    }

    private static List<Integer> torn(List<Halves> halves) {
        List<Integer> torn = new ArrayList<>(0);
        for (int i = 0; i < halves.size(); i++) {
            if (halves.get(i).isTorn()) {
                torn.add(i);
            }
        }
        return torn;
    }

    private static List<@Nullable StoredState> states(List<ViewKey> wanted, List<Halves> halves) {
        List<@Nullable StoredState> states = new ArrayList<>(wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            if (halves.get(i).isTorn()) {
                throw new StoreFormatException("head and base of " + wanted.get(i)
                        + " do not belong together, also when read again: one of them was evicted or overwritten;"
                        + " delete both, and the next flush of the key writes them whole");
            }
            states.add(halves.get(i).state());
        }
        return Collections.unmodifiableList(states);
    }

    /** What the server holds under the two names of a key. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Halves(byte @Nullable [] head, byte @Nullable [] base) {
        boolean isTorn() {
            return head != null && !Envelope.belongTogether(head, base);
        }

        @Nullable
        StoredState state() {
            return head == null || Envelope.isTombstone(head) ? null : Envelope.state(head, base);
        }
    }

    List<String> entities(String view, long lineage) {
        ScanArgs page = ScanArgs.Builder.matches(keys.headPattern(view, lineage).getBytes(UTF_8))
                .limit(PAGE);
        TreeSet<String> entities = new TreeSet<>();
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            ScanCursor from = cursor;
            KeyScanCursor<byte[]> found = patience.block(
                    "scanning keys", () -> link.commands().scan(from, page).toCompletableFuture());
            List<byte[]> heads = found.getKeys();
            List<byte[]> starts = patience.block("looking at heads", () -> starts(heads));
            for (int i = 0; i < heads.size(); i++) {
                String entity = keys.entity(heads.get(i), view, lineage);
                if (entity != null && isAlive(starts.get(i))) {
                    entities.add(entity);
                }
            }
            cursor = found;
        }
        return List.copyOf(entities);
    }

    /** Format and kind of each head, without the rest. */
    private CompletableFuture<List<byte[]>> starts(List<byte[]> heads) {
        CompletableFuture<List<byte[]>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (byte[] head : heads) {
            all = all.thenCombine(link.commands().getrange(head, 0, 1), (starts, start) -> {
                starts.add(start);
                return starts;
            });
        }
        return all;
    }

    private static boolean isAlive(byte[] start) {
        return start.length > 0 && !Envelope.isTombstone(start);
    }
}
