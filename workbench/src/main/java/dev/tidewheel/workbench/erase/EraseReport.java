package dev.tidewheel.workbench.erase;

import dev.tidewheel.runtime.config.Durations;
import dev.tidewheel.runtime.kafka.Topics;
import dev.tidewheel.workbench.erase.StoreErasure.Deleted;
import dev.tidewheel.workbench.erase.TableErasure.Emptied;
import dev.tidewheel.workbench.erase.TopicSearch.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What became of an entity, sentence by sentence. Names no value: whoever reads it later must not learn whom it was about.
 *
 * @param gone what is removed
 * @param waits what goes without anybody's doing, or when this is asked again
 * @param left what this found or did not look at, and somebody has to decide about: only without any is the work done
 * @param stays what is not of the platform, or cannot be found by it
 */
public record EraseReport(List<String> gone, List<String> waits, List<String> left, List<String> stays) {
    public EraseReport {
        gone = List.copyOf(gone);
        waits = List.copyOf(waits);
        left = List.copyOf(left);
        stays = List.copyOf(stays);
    }

    /** The report of a step before which nothing can be deleted. */
    public static EraseReport waiting(Erasing.Step step) {
        Sentences all = new Sentences();
        step.waiting().forEach(source -> all.waits.add(waiting(source, step.scope())));
        all.waits.add("the online store and the raw tables: they are cleaned when no job writes it any more");
        all.stays(step.scope());
        return all.report();
    }

    private static String waiting(String source, ErasureScope scope) {
        if (scope.jobs().getOrDefault(source, Set.of()).isEmpty()) {
            return "the job of source " + source
                    + ", whose views are retired, has not been started again since and may still"
                    + " count it: 'tidewheel jobs restart', then say this again; or, if it has nothing left to compute,"
                    + " stop it, then say this again with --job-stopped " + source;
        }
        return "the job of source " + source
                + " has not been started again since, or not all of it has begun: it still counts it;"
                + " 'tidewheel jobs restart', then say this again";
    }

    /**
     * What a step did that deletes. What is empty failed, or was not asked for: then {@code unfinished} says why.
     *
     * @param profiles what became of the profiles of model versions
     * @param store what became of the online store
     * @param tables what became of the tables
     * @param topics what became of the platform's own topics
     * @param unfinished why something is not done
     */
    public record Done(
            Optional<ProfileErasure.Outcome> profiles,
            Optional<Deleted> store,
            Optional<TableErasure.Outcome> tables,
            Optional<TopicErasure.Outcome> topics,
            List<String> unfinished) {
        public Done {
            unfinished = List.copyOf(unfinished);
        }
    }

    /**
     * The report of a step that deletes.
     *
     * @param tombstones how long the store remembers the names of deleted keys
     */
    public static EraseReport deleted(Erasing.Step step, Done done, Duration tombstones) {
        Sentences all = new Sentences();
        if (!step.scope().jobs().isEmpty()) {
            all.gone.add("state of the jobs of " + sorted(step.scope().jobs().keySet()));
        }
        done.profiles().ifPresent(all::add);
        done.store().ifPresent(deleted -> all.add(deleted, tombstones));
        done.tables().ifPresent(all::add);
        done.topics().ifPresent(all::add);
        all.left.addAll(done.unfinished());
        all.stays(step.scope());
        return all.report();
    }

    private static String sorted(Iterable<String> names) {
        TreeSet<String> sorted = new TreeSet<>();
        names.forEach(sorted::add);
        return String.join(", ", sorted);
    }

    /** Collects them. */
    private static final class Sentences {
        private final List<String> gone = new ArrayList<>();
        private final List<String> waits = new ArrayList<>();
        private final List<String> left = new ArrayList<>();
        private final List<String> stays = new ArrayList<>();

        Sentences() {
            gone.add("on the list of erased entities: no job that starts from now on takes a record of it");
        }

        EraseReport report() {
            return new EraseReport(gone, waits, left, stays);
        }

        void add(ProfileErasure.Outcome profiles) {
            profiles.anew()
                    .forEach(name -> gone.add("its segment in profile " + name + ", whose rows are others' now"));
            if (!profiles.anew().isEmpty()) {
                waits.add("the former bytes of " + profiles.anew().size() + " profiles: Kafka compacts "
                        + Topics.DEFINITIONS + ", but not the segment that is still written to");
                waits.add(
                        "the names of its segments in the monitoring job's state: until their windows and the deadline"
                                + " of their labels have passed");
            }
            profiles.perhaps()
                    .forEach(name -> left.add("profile " + name
                            + " in the registry: it has a segment of another name with its values; --suspects takes it"
                            + " out"));
            profiles.unreadable()
                    .forEach((name, why) -> left.add("profile " + name + " in the registry: " + why
                            + "; it may name its segments: use the version that wrote it"));
        }

        void add(Deleted deleted, Duration tombstones) {
            gone.add(deleted.keys() + " keys of the online store");
            if (deleted.tombstones() > 0) {
                waits.add("the names of " + deleted.tombstones() + " keys, as tombstones: the store forgets them after "
                        + Durations.format(tombstones));
            }
        }

        void add(TableErasure.Outcome tables) {
            tables.emptied().forEach(this::add);
            tables.left().forEach((table, why) -> left.add(table + " has it, or may: " + why));
        }

        private void add(Emptied table) {
            gone.add(table.rows() + " rows of " + table.table() + (table.places() ? ", but for their places" : ""));
            if (table.remaining().newest()) {
                left.add("rows of " + table.table() + " that were committed since: say this again");
            }
            if (table.suspects() > 0) {
                left.add(table.suspects() + " rows of " + table.table()
                        + " whose columns do not say whose they are and that have its values, in the bytes of a refused"
                        + " record, the texts of a request or a segment of another name: they go with --suspects");
            }
            if (table.orphans() > 0) {
                gone.add(table.orphans() + " files in the folder of " + table.table() + " that no snapshot named");
            }
            if (table.unnamed() > 0) {
                waits.add(table.unnamed() + " files in the folder of " + table.table() + " that no snapshot names, of"
                        + " writers that died or of the running job: nobody looked into them. 'tidewheel care' removes"
                        + " them when the job has gone on for a day, --orphans sooner; while it stands, they stay");
            }
            if (table.remaining().older()) {
                waits.add("older snapshots of " + table.table() + ": 'tidewheel care' lets them go, with their files");
            }
            table.remaining().tags().stream()
                    .sorted()
                    .forEach(tag ->
                            left.add("tag " + tag + " of " + table.table() + " holds files that name it, though no"
                                    + " reader of ours gives them: 'tidewheel care --release-tag'"));
        }

        void add(TopicErasure.Outcome topics) {
            if (topics.letters() > 0) {
                gone.add(topics.letters() + " dead letters");
                waits.add("the bytes of these letters: Kafka compacts " + Topics.DEAD_LETTERS
                        + " within a day, but not the segment that is still written to");
            }
            topics.cut().forEach((topic, records) -> {
                gone.add(records + " records of " + topic + ", which was cut");
                waits.add("their bytes: Kafka deletes the segments of " + topic
                        + " that have nothing else, but not the one that is still written to");
            });
            topics.refused().forEach((topic, why) -> left.add(topic + ": " + why));
            topics.found().forEach(found -> add(found, topics.retention().get(found.topic())));
        }

        private void add(Found found, @Nullable Duration retention) {
            if (!found.whole()) {
                left.add(found.topic() + ": it was not looked through to its end; say this again with a longer"
                        + " --search-for");
            }
            if (found.records() > 0) {
                String what = found.records() + " records of " + found.topic() + " that name it";
                add(
                        what,
                        found,
                        retention,
                        what + ", and are kept for ever: --cut " + found.topic() + " deletes them with "
                                + found.others()
                                + " others that stand before, where that topic may be cut; or give it a retention.ms");
            }
            if (found.perhaps() > 0) {
                String what = found.perhaps() + " records of " + found.topic()
                        + " that have its values and do not say whose they are";
                add(
                        what,
                        found,
                        retention,
                        found.topic().equals(Topics.DEAD_LETTERS)
                                ? what
                                        + ": --suspects removes them, also those of others, where the topic is compacted;"
                                        + " of an older one --cut deletes them then"
                                : what + ", and are kept for ever: give it a retention.ms");
            }
            if (found.unreadable() > 0) {
                String what = found.unreadable() + " records of " + found.topic() + " that this version cannot read";
                add(
                        what,
                        found,
                        retention,
                        what + ", and are kept for ever: use the version that wrote them, or give"
                                + " the topic a retention.ms");
            }
        }

        /** What Kafka deletes by itself waits; else somebody has to decide. */
        private void add(String what, Found found, @Nullable Duration retention, String remedy) {
            if (retention == null) {
                left.add(remedy);
            } else {
                waits.add(what + ": Kafka deletes them " + Durations.format(retention) + " after "
                        + Instant.ofEpochMilli(found.newest()));
            }
        }

        void stays(ErasureScope scope) {
            if (!scope.others().isEmpty()) {
                stays.add("its share in values by other keys, of " + sorted(scope.others())
                        + ": until their windows have passed; for ever in lifetime windows of lineages that are older");
            }
            stays.add("checkpoints and savepoints that were made before the jobs' restart: delete them. With state:"
                    + " rocksdb, later checkpoints share files with them until the jobs are restarted once more");
            stays.add("refused records that have its values in a form that is no text, as numbers in Avro: nobody knows"
                    + " whom they name");
            stays.add("your own topics: " + sorted(scope.topics()));
            stays.add(
                    "numbers of logged requests that are a value of it and no key, and texts of requests whose keys name"
                            + " another");
            stays.add("requests about it that are answered from now on, as rows without keys, columns and answer; by a"
                    + " sidecar without erasures.key (tidewheel_sidecar_erased_entities{told=\"no\"}) they are logged as"
                    + " any other: say this again when it has the key");
            stays.add("training sets and models that were built with it");
        }
    }
}
