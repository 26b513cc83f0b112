package dev.tidewheel.jobs.tile;

import dev.tidewheel.feature.change.Change;
import dev.tidewheel.feature.change.EventId;
import dev.tidewheel.jobs.tile.ModelLog.Entry;
import dev.tidewheel.jobs.tile.ModelLog.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A table of a database, whose changes come to a topic as Debezium writes them: a row is inserted, corrected, dated anew,
 * moved to another key, deleted. All changes of a row come by the same partition, in their order.
 */
final class ModelTable {
    private final Random random;
    /** The rows that are there, as they were added, by partition. */
    private final Map<Integer, List<Part>> rows = new HashMap<>();

    ModelTable(Random random) {
        this.random = random;
    }

    /** The next change of a partition's rows. */
    Entry change(int partition, long offset, long known) {
        List<Part> there = rows.computeIfAbsent(partition, none -> new ArrayList<>());
        EventId id = EventId.of("model", partition, offset);
        List<Part> parts = new ArrayList<>();
        Part before = there.isEmpty() || random.nextInt(3) == 0 ? null : there.remove(random.nextInt(there.size()));
        if (before != null) {
            Change old = before.change();
            parts.add(new Part(before.key(), new Change(true, id, old.eventTime(), known, old.row())));
        }
        if (before == null || random.nextInt(3) > 0) {
            Part after = new Part(key(before), added(id, known, before));
            parts.add(after);
            there.add(after);
        }
        return new Entry(partition, offset, parts);
    }

    private String key(Part before) {
        return before == null || random.nextInt(3) == 0 ? ModelLog.key(random) : before.key();
    }

    private Change added(EventId id, long known, Part before) {
        boolean dated = before == null || random.nextBoolean();
        long eventTime =
                dated ? ModelLog.eventTime(random, known) : before.change().eventTime();
        return new Change(false, id, eventTime, known, ModelLog.row(random, id.toString()));
    }
}
