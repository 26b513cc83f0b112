package dev.tidewheel.workbench.erase;

import dev.tidewheel.drift.profile.Profile;
import dev.tidewheel.drift.profile.ProfileJson;
import dev.tidewheel.history.care.EntitySegments;
import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.registry.RegistryPublisher;
import dev.tidewheel.runtime.registry.ServingRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an entity's segments out of the profiles of model versions in the registry, whose monitors count its rows as others'
 * from then on. For one thread.
 */
public final class ProfileErasure {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileErasure.class);

    private final EntitySegments entity;
    private final boolean suspects;

    /** @param suspects whether segments go too that may be the entity's */
    ProfileErasure(SortedMap<String, String> entity, boolean suspects) {
        this.entity = new EntitySegments(entity);
        this.suspects = suspects;
    }

    /**
     * What became of them.
     *
     * @param written when one was written last whose segments could have named the entity, epoch milliseconds by the clock of
     *     who wrote it: from then on monitors read none that does; empty if there is no such profile
     * @param anew the names of those that were written anew
     * @param perhaps of those with segments that may be the entity's
     * @param unreadable by name why this version cannot read them
     */
    public record Outcome(
            OptionalLong written, List<String> anew, List<String> perhaps, Map<String, String> unreadable) {
        public Outcome {
            anew = List.copyOf(anew);
            perhaps = List.copyOf(perhaps);
            unreadable = new TreeMap<>(unreadable);
        }
    }

    /**
     * Publishes what has to change.
     *
     * @param registry a snapshot
     * @param clock what is recorded with each, epoch milliseconds
     */
    Outcome erase(Map<String, Definition> registry, RegistryPublisher publisher, LongSupplier clock) {
        OptionalLong written = OptionalLong.empty();
        List<String> anew = new ArrayList<>();
        List<String> perhaps = new ArrayList<>();
        Map<String, String> unreadable = new TreeMap<>();
        for (Definition record : new TreeMap<>(registry).values()) {
            if (!record.getKind().equals(ServingRecords.PROFILE)) {
                continue;
            }
            try {
                Profile profile = ProfileJson.read(record.getBody());
                Profile without = profile.withoutSegments(segment -> entity.goes(segment, suspects));
                long since = record.getAppliedAt();
                if (!without.equals(profile)) {
                    since = clock.getAsLong();
                    publisher.append(ServingRecords.profile(
                            profile.model(), profile.version(), ProfileJson.write(without), since));
                    anew.add(record.getName());
                }
                if (profile.segments().stream().anyMatch(segment -> entity.isSplitBy(segment.name(), suspects))) {
                    written = OptionalLong.of(Math.max(since, written.orElse(since)));
                }
                if (!without.withoutSegments(segment -> entity.goes(segment, true))
                        .equals(without)) {
                    perhaps.add(record.getName());
                }
            } catch (IllegalArgumentException e) {
                LOG.warn("profile {} cannot be read", record.getName(), e);
                unreadable.put(record.getName(), String.valueOf(e.getMessage()));
            }
        }
        return new Outcome(written, anew, perhaps, unreadable);
    }
}
