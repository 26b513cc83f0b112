package dev.tidewheel.store.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidewheel.feature.view.Version;
import dev.tidewheel.store.FlushId;
import dev.tidewheel.store.StoredState;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A key's state reduced to what the store cares about: which changes are in the base and in the head, and the version.
 * A state without changes is a marker: its content was deleted, its version goes on.
 */
final class ToyState {
    private final TreeSet<Integer> base = new TreeSet<>();
    private final TreeSet<Integer> head = new TreeSet<>();
    private Version version = Version.NONE;

    ToyState copy() {
        ToyState copy = new ToyState();
        copy.base.addAll(base);
        copy.head.addAll(head);
        copy.version = version;
        return copy;
    }

    Version version() {
        return version;
    }

    boolean isMarker() {
        return base.isEmpty() && head.isEmpty();
    }

    void route(SourceLog.Entry entry) {
        head.add(entry.id());
        version = new Version(Math.max(version.knownTime(), entry.knownTime()), version.routed() + 1);
    }

    void fold() {
        base.addAll(head);
        head.clear();
    }

    void forgetContent() {
        base.clear();
        head.clear();
    }

    StoredState encode(FlushId flush) {
        return new StoredState(version, flush, encode(base), encode(head));
    }

    /** The changes in a stored state. A head on a foreign base would name a change twice, or miss one. */
    static Set<Integer> decode(StoredState state) {
        Set<Integer> base = decode(state.base());
        Set<Integer> head = decode(state.head());
        Set<Integer> all = new TreeSet<>(base);
        all.addAll(head);
        if (all.size() != base.size() + head.size()) {
            throw new AssertionError("base " + base + " and head " + head + " overlap");
        }
        return all;
    }

    private static byte[] encode(Set<Integer> ids) {
        return ids.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","))
                .getBytes(UTF_8);
    }

    private static Set<Integer> decode(byte[] ids) {
        Set<Integer> decoded = new TreeSet<>();
        for (String id : new String(ids, UTF_8).split(",")) {
            if (!id.isEmpty()) {
                decoded.add(Integer.parseInt(id));
            }
        }
        return decoded;
    }
}
