package dev.tidewheel.jobs.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.jspecify.annotations.Nullable;

/** Seen ids in Flink's keyed state; their hours are namespaces with a timer each. */
public final class FlinkIds implements SeenIds.Ids {
    private final KeyedStateBackend<String> backend;
    private final InternalTimerService<Long> timers;
    private final MapState<SeenId, Sighting> seen;
    private final ListStateDescriptor<SeenId> hours =
            new ListStateDescriptor<>("seen-ids-of-hour", TypeInformation.of(SeenId.class));

    public FlinkIds(KeyedStateBackend<String> backend, InternalTimerService<Long> timers) throws Exception {
        this.backend = backend;
        this.timers = timers;
        this.seen = backend.getPartitionedState(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                new MapStateDescriptor<>(
                        "seen-ids", TypeInformation.of(SeenId.class), TypeInformation.of(Sighting.class)));
    }

    @Override
    public @Nullable Sighting get(SeenId id) throws Exception {
        return seen.get(id);
    }

    @Override
    public void put(SeenId id, Sighting sighting) throws Exception {
        seen.put(id, sighting);
    }

    @Override
    public void remove(SeenId id) throws Exception {
        seen.remove(id);
    }

    @Override
    public void addToHour(long hour, SeenId id, long freedAt) throws Exception {
        ofHour(hour).add(id);
        timers.registerEventTimeTimer(hour, freedAt);
    }

    @Override
    public List<SeenId> takeHour(long hour) throws Exception {
        ListState<SeenId> ofHour = ofHour(hour);
        List<SeenId> taken = new ArrayList<>();
        ofHour.get().forEach(taken::add);
        ofHour.clear();
        return taken;
    }

    @Override
    public void forget(Set<String> keys) throws Exception {
        // An id that came again stands in the lists of several hours; only the timers know all of them.
        record Hour(String key, long hour, long freedAt) {}
        List<Hour> theirs = new ArrayList<>();
        timers.forEachEventTimeTimer((hour, freedAt) -> {
            if (keys.contains(backend.getCurrentKey())) {
                theirs.add(new Hour(backend.getCurrentKey(), hour, freedAt));
            }
        });
        for (Hour each : theirs) {
            backend.setCurrentKey(each.key());
            ofHour(each.hour()).clear();
            timers.deleteEventTimeTimer(each.hour(), each.freedAt());
        }
        for (String key : keys) {
            backend.setCurrentKey(key);
            seen.clear();
        }
    }

    private ListState<SeenId> ofHour(long hour) throws Exception {
        return backend.getPartitionedState(hour, LongSerializer.INSTANCE, hours);
    }
}
