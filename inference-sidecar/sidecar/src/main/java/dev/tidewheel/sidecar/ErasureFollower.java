package dev.tidewheel.sidecar;

import dev.tidewheel.feature.row.Column;
import dev.tidewheel.feature.row.ColumnType;
import dev.tidewheel.feature.row.Row;
import dev.tidewheel.feature.row.RowSchema;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.erase.ErasedRows;
import dev.tidewheel.runtime.ops.Health;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.runtime.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the registry's list of erased entities: about whom a request's rows are not logged. The list is held whole, a
 * digest each. It is read anew, in the registry's thread, when somebody comes on it; the first time by whoever asks first
 * after the registry was read to its end, and before that no request is served at all.
 *
 * <p>Without its key nobody can tell who is on it. A sidecar that starts so is not ready; one that runs when the first
 * entity is erased goes on, because a model that does not answer is worse than a log that has to be cleaned once more, and
 * says so in a gauge. Thread-safe.
 */
final class ErasureFollower {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureFollower.class);
    private static final String PREFIX = Registry.key(Erasures.KIND, "");

    /**
     * The list as it was read last.
     *
     * @param entities those that can be told
     * @param size how many are on it
     * @param trouble why they cannot be told
     */
    record Known(ErasedEntities entities, int size, Optional<String> trouble) {
        /** How many can be told. */
        int told() {
            return trouble.isPresent() ? 0 : size;
        }
    }

    private final Supplier<Map<String, Definition>> registry;
    private final Supplier<Health> read;
    private final Optional<ErasureKey> key;

    private volatile Optional<Known> known = Optional.empty();
    /** Whether the list could be told once; guarded by this. */
    private boolean couldTell;

    @SuppressWarnings("this-escape") // The listener sees only fields that are set before it.
    ErasureFollower(Registry registry, Optional<ErasureKey> key) {
        this(registry::snapshot, registry::health, key);
        registry.listen((keys, after) -> changed(keys));
    }

    /** Follows nothing by itself: whoever made it calls {@link #changed}. */
    ErasureFollower(Supplier<Map<String, Definition>> registry, Supplier<Health> read, Optional<ErasureKey> key) {
        this.registry = registry;
        this.read = read;
        this.key = key;
    }

    /** Definitions were changed, by their keys: the list is read anew, once, if some are of it and it was read before. */
    synchronized void changed(Set<String> keys) {
        if (known.isPresent() && keys.stream().anyMatch(key -> key.startsWith(PREFIX))) {
            readList();
        }
    }

    /** Empty until the registry was read to its end and somebody has asked about a row, or for {@link #health}. */
    Optional<Known> known() {
        return known;
    }

    private Known current() {
        return known.orElseGet(this::first);
    }

    private synchronized Known first() {
        return known.orElseGet(this::readList);
    }

    private synchronized Known readList() {
        Map<String, Definition> snapshot = registry.get();
        int size = (int) snapshot.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .count();
        Known next;
        try {
            next = new Known(ErasedEntities.of(snapshot, key), size, Optional.empty());
        } catch (IllegalArgumentException e) {
            LOG.error("requests about erased entities are logged as any other: {}", e.getMessage());
            next = new Known(ErasedEntities.NONE, size, Optional.of(String.valueOf(e.getMessage())));
        }
        couldTell |= next.trouble().isEmpty();
        known = Optional.of(next);
        return next;
    }

    /** Down until the registry was read to its end, and if nobody on its list could be told since the start. */
    Health health() {
        if (known.isEmpty()) {
            Health now = read.get();
            if (!now.ok()) {
                return now;
            }
        }
        Known now = current();
        synchronized (this) {
            String reason = now.trouble().orElse("knows " + now.size() + " erased entities");
            return couldTell ? Health.up(reason) : Health.down(reason);
        }
    }

    /** Which rows of a request are about somebody on the list, by all names that the caller gave a value for. */
    IntPredicate among(Serving serving, InferRequest request) {
        Known now = current();
        if (now.told() == 0) {
            return row -> false;
        }
        RowSchema names = names(serving);
        ErasedRows erased = now.entities().rows(names);
        return row -> erased.cover(named(serving, request, names, row));
    }

    /** Under which key of the list rows are known. */
    String keyId() {
        return key.map(ErasureKey::id).orElse("");
    }

    /** Entities are texts, as the caller sent them; request columns are as the service has them. */
    private static RowSchema names(Serving serving) {
        List<Column> names = new ArrayList<>();
        serving.entities().forEach(entity -> names.add(new Column(entity, ColumnType.STRING)));
        serving.service().request().columns().stream()
                .filter(column -> !serving.entities().contains(column.name()))
                .forEach(names::add);
        return new RowSchema(names);
    }

    private static Row named(Serving serving, InferRequest request, RowSchema names, int row) {
        Row named = new Row(names.size());
        List<String> keys = request.entities().get(row);
        for (int place = 0; place < keys.size(); place++) {
            named.setString(place, keys.get(place));
        }
        RowSchema columns = serving.service().request();
        Row given = request.rows().get(row);
        for (int slot = keys.size(); slot < names.size(); slot++) {
            int from = columns.slot(names.column(slot).name());
            String text = given.getString(from);
            if (text != null) {
                named.setString(slot, text);
            } else if (!given.isNull(from)) {
                named.setLong(slot, given.getLong(from));
            }
        }
        return named;
    }
}
