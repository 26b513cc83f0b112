package dev.tidewheel.monitoring.ingest;

import dev.tidewheel.monitoring.log.EndOffsets;
import dev.tidewheel.monitoring.log.Log;
import dev.tidewheel.monitoring.log.Offsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends that a test sets. Copies of it, as Flink makes them, see the same ones. */
final class FakeEndOffsets implements EndOffsets {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Offsets> WORLDS = new ConcurrentHashMap<>();

    private final String world;

    FakeEndOffsets(String world) {
        this.world = world;
        WORLDS.put(world, new Offsets());
    }

    /** Something was written. */
    void written(Log log, long nextOffset) {
        WORLDS.get(world).set(log, 0, nextOffset);
    }

    @Override
    public Connection open() {
        return new Connection() {
            @Override
            public Offsets of(Set<Log> logs) {
                Offsets ends = new Offsets();
                WORLDS.get(world).asMap().forEach((place, next) -> {
                    if (logs.contains(place.log())) {
                        ends.set(place.log(), place.partition(), next);
                    }
                });
                return ends;
            }

            @Override
            public void close() {}
        };
    }
}
