package dev.tidewheel.sidecar;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /**
     * The rows of a request that are about somebody on the list. Decided once, for all versions that are asked: they have the
     * request's id in common, so what one logs in full says whom the other's empty row is about.
     */
    Set<Integer> among(Traffic traffic, InferRequestParser.Parsed request) {
        Known now = current();
        if (now.told() == 0) {
            return Set.of();
        }
        RowSchema given = given(traffic.keys(), request);
        ErasedRows erased = now.entities().rows(given);
        return IntStream.range(0, request.rows())
                .filter(row -> erased.cover(named(given, request, row)))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Under which key of the list rows are known. */
    String keyId() {
        return key.map(ErasureKey::id).orElse("");
    }

    private static RowSchema given(Set<String> keys, InferRequestParser.Parsed request) {
        return new RowSchema(request.inputs().keySet().stream()
                .filter(keys::contains)
                .map(name -> new Column(name, ColumnType.STRING))
                .toList());
    }

    /** What the caller gave, as texts: a number's or a truth's text is the canonical one of a key's column. */
    private static Row named(RowSchema given, InferRequestParser.Parsed request, int row) {
        Row named = new Row(given.size());
        for (int slot = 0; slot < given.size(); slot++) {
            JsonNode value = Objects.requireNonNull(
                            request.inputs().get(given.column(slot).name()))
                    .get(row);
            if (value.isTextual() || value.isIntegralNumber() || value.isBoolean()) {
                named.setString(slot, value.asText());
            }
        }
        return named;
    }
}
