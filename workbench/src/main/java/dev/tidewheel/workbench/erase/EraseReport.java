package dev.tidewheel.workbench.erase;

import dev.tidewheel.runtime.config.Durations;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.erase.TableErasure.Emptied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What became of an entity, sentence by sentence. Names no value: whoever reads it later must not learn whom it was about.
 *
 * @param gone what is removed
 * @param waits what goes without anybody's doing, or when this is asked again
 * @param stays what somebody else has to remove, or nobody can
 */
public record EraseReport(List<String> gone, List<String> waits, List<String> stays) {
    public EraseReport {
        gone = List.copyOf(gone);
        waits = List.copyOf(waits);
        stays = List.copyOf(stays);
    }

    /**
     * The report of a step.
     *
     * @param deleted how many keys were deleted from the store; empty if it was not asked
     * @param tombstones how long the store remembers the names of deleted keys
     * @param tables what became of the raw tables; empty if they were not asked
     */
    public static EraseReport of(
            Erasing.Step step, Optional<Integer> deleted, Duration tombstones, Optional<List<Emptied>> tables) {
        List<String> gone = new ArrayList<>();
        List<String> waits = new ArrayList<>();
        gone.add("on the list of erased entities: no job that starts from now on takes a record of it");
        step.waiting()
                .forEach(source -> waits.add("the job of source " + source
                        + " has not been started again since: it still counts it; 'tidewheel jobs restart', then say this"
                        + " again"));
        deleted.ifPresentOrElse(
                keys -> {
                    gone.add("state of the jobs of " + sorted(step.scope().sources()));
                    gone.add(keys + " keys of the online store");
                    if (keys > 0) {
                        waits.add("the names of these keys: the store forgets them after "
                                + Durations.format(tombstones));
                    }
                },
                () -> waits.add("the online store: it is deleted there when no job writes it any more"));
        List<String> stays = stays(step.scope());
        tables.ifPresentOrElse(
                emptied -> emptied.forEach(table -> add(table, gone, waits, stays)),
                () -> stays.add("the raw tables of " + sorted(step.scope().sources())
                        + ": they are emptied of it with --warehouse and --catalog, when no job takes it any more"));
        return new EraseReport(gone, waits, stays);
    }

    private static void add(Emptied table, List<String> gone, List<String> waits, List<String> stays) {
        gone.add(table.rows() + " rows of " + table.table() + ", but for their places");
        if (table.older()) {
            waits.add("older snapshots of " + table.table() + ": 'tidewheel care' lets them go, with their files");
        }
        table.tags().stream()
                .sorted()
                .forEach(tag -> stays.add("tag " + tag + " of " + table.table() + " holds files that name it, though no"
                        + " reader of ours gives them: 'tidewheel care --release-tag'"));
    }

    private static List<String> stays(ErasureScope scope) {
        List<String> stays = new ArrayList<>();
        if (!scope.others().isEmpty()) {
            stays.add("its share in values by other keys, of " + sorted(scope.others())
                    + ": until their windows have passed; for ever in lifetime windows of lineages that are older");
        }
        stays.add(
                "checkpoints and savepoints that were made before the jobs' restart: delete them. With state: rocksdb,"
                        + " later checkpoints share files with them until the jobs are restarted once more");
        stays.add("what jobs of changelogs count that read these sources for their own views: restart them, too");
        stays.add("raw tables of sources that no lineage names any more, and columns that a source no longer has");
        stays.add("bytes of records that could not be decoded, in raw tables and dead letters: nobody knows whom they"
                + " name");
        stays.add("your own topics: " + sorted(scope.topics()));
        stays.add(Topics.INFERENCES + ", " + Topics.LABELS + " and " + Topics.DEAD_LETTERS
                + ", where a request, a label or a refused record named it");
        stays.add("training sets and models that were built with it");
        return stays;
    }

    private static String sorted(Iterable<String> names) {
        TreeSet<String> sorted = new TreeSet<>();
        names.forEach(sorted::add);
        return String.join(", ", sorted);
    }
}
