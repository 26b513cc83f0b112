package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.lifecycle.Story;
import dev.tidewheel.lifecycle.fold.Wish;
import dev.tidewheel.lifecycle.state.Run;
import dev.tidewheel.lifecycle.state.Traffic;
import dev.tidewheel.lifecycle.streams.InboxEvents;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.Observation;
import dev.tidewheel.records.ObservedPhase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trainings and sidecars, and the agent that makes them as desired. Trainings and sidecars outlive the agent; what the
 * agent has read and reported does not.
 */
final class Cluster {
    private static final Pattern CHAMPION = Pattern.compile("\"champion\":\"([^\"]+)\"");
    private static final Pattern AGAINST = Pattern.compile("\"against\":\\[([^]]+)]");

    private enum Training {
        RUNNING,
        GOOD,
        BAD
    }

    private final Random random;
    private final Consumer<LifecycleEvent> send;

    private final Map<String, Training> trainings = new TreeMap<>();
    private final Set<Long> impossible = new HashSet<>();
    private final long[] sidecars = new long[2];
    private final Map<Long, String> specs = new HashMap<>();

    private final Map<String, Wish> known = new TreeMap<>();
    private int read;
    private int agents = 1;
    private long sequence;
    private boolean faulty = true;

    Cluster(Random random, Consumer<LifecycleEvent> send) {
        this.random = random;
        this.send = send;
    }

    void repair() {
        faulty = false;
    }

    /** The oldest generation that a sidecar serves. */
    long servedByAll() {
        return Math.min(sidecars[0], sidecars[1]);
    }

    String champion() {
        return specs.containsKey(servedByAll()) ? found(CHAMPION, specs.get(servedByAll())) : "jan";
    }

    void sidecarStep() {
        Wish traffic = known.get(Traffic.SLOT);
        if (traffic != null && !impossible.contains(traffic.generation())) {
            sidecars[random.nextInt(sidecars.length)] = traffic.generation();
        }
    }

    /** The agent dies and another one takes over, which knows nothing; trainings may die with it. */
    void crash() {
        known.clear();
        read = 0;
        sequence = 0;
        agents++;
        trainings.replaceAll(
                (slot, training) -> training == Training.RUNNING && random.nextInt(4) == 0 ? Training.BAD : training);
    }

    /** One pass: reads some of what is desired (all of it, after a start), and works on every slot. */
    void agentStep(List<Wish> desired, Instant now) {
        int end = read == 0 || !faulty ? desired.size() : read + random.nextInt(desired.size() - read + 1);
        for (; read < end; read++) {
            Wish wish = desired.get(read);
            known.merge(wish.slot(), wish, (one, other) -> one.generation() >= other.generation() ? one : other);
        }
        for (Wish wish : new ArrayList<>(known.values())) {
            if (wish.slot().equals(Traffic.SLOT)) {
                traffic(wish, now);
            } else {
                training(wish, now);
            }
        }
    }

    private void training(Wish wish, Instant now) {
        Training training = trainings.get(wish.slot());
        if (!wish.present()) {
            if (training == Training.RUNNING) {
                trainings.put(wish.slot(), Training.BAD);
            }
            report(wish, ObservedPhase.ABSENT, Map.of(), now);
        } else if (training == null) {
            long running =
                    trainings.values().stream().filter(Training.RUNNING::equals).count();
            Violation.unless(running == 0, "%s starts beside another training: %s", wish.slot(), trainings);
            trainings.put(wish.slot(), Training.RUNNING);
            report(wish, ObservedPhase.RUNNING, Map.of(), now);
        } else if (training == Training.RUNNING) {
            if (!faulty || random.nextInt(3) == 0) {
                trainings.put(wish.slot(), random.nextInt(8) == 0 ? Training.BAD : Training.GOOD);
            }
        } else if (training == Training.GOOD) {
            report(wish, ObservedPhase.SUCCEEDED, figures(wish), now);
        } else {
            report(wish, ObservedPhase.FAILED, Map.of(), now);
        }
    }

    private void traffic(Wish wish, Instant now) {
        specs.put(wish.generation(), wish.spec());
        if (faulty && random.nextInt(40) == 0 && servedByAll() < wish.generation()) {
            impossible.add(wish.generation());
        }
        if (impossible.contains(wish.generation())) {
            report(wish, ObservedPhase.FAILED, Map.of(), now);
        } else if (servedByAll() == wish.generation()) {
            report(wish, ObservedPhase.SUCCEEDED, Map.of(), now);
        }
    }

    /** Says it again now and then, so what was lost comes through. */
    private void report(Wish wish, ObservedPhase phase, Map<String, String> outputs, Instant now) {
        boolean isDone = wish.slot().startsWith(Run.KIND) && !wish.present();
        if (random.nextInt(isDone ? 12 : 3) != 0 && faulty) {
            return;
        }
        Observation observation = Story.observation(wish.slot(), wish.generation(), ++sequence, phase, outputs, now);
        observation.setAgent("agent-" + agents);
        send.accept(InboxEvents.of(observation).orElseThrow());
    }

    private Map<String, String> figures(Wish wish) {
        String version = wish.slot().substring(Run.KIND.length() + 1);
        // The same whenever it is reported, as a result file is.
        boolean better = Math.floorMod(version.hashCode(), 3) > 0;
        String champion = found(AGAINST, wish.spec()).split("\"")[1];
        return Map.of(
                "modelVersion",
                version,
                "gate",
                String.format(
                        "[{\"version\":\"%s\",\"rows\":1000,\"logLoss\":%s,\"brier\":%s},"
                                + "{\"version\":\"%s\",\"rows\":1000,\"logLoss\":0.45,\"brier\":0.2}]",
                        version, better ? 0.44 : 0.46, better ? 0.19 : 0.21, champion));
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Violation.unless(matcher.find(), "no %s in %s", pattern, text);
        return matcher.group(1);
    }
}
