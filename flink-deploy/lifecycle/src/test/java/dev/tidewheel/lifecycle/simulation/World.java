package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.lifecycle.Story;
import dev.tidewheel.lifecycle.state.Phase;
import dev.tidewheel.lifecycle.state.State;
import dev.tidewheel.records.Approval;
import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * A model's whole world in one thread: the fold, the agent with its trainings and sidecars, the monitor, people, and a bad
 * network between them. One seed gives one history.
 */
final class World {
    private static final int STEPS = 180;
    /** Of eight hours: a stage takes two at most, so two rollouts with four stages each are over. */
    private static final int ROUNDS = 18;

    private static final int PASSES = 60;

    /** Every so many-th history is decided again from its beginning: it costs as much as the history. */
    private static final int REPLAYED = 5;

    private static final List<String> RULES = List.of("drift", "label-share", "drift", "psi-0.3");

    private final long seed;
    private final Random random;
    private final Network network;
    private final Cluster cluster;
    private final Checker checker;
    private final FoldProcess fold;
    private Instant now = Rules.START;
    private int ids;

    World(long seed, Decider decider) {
        this.seed = seed;
        random = new Random(seed);
        network = new Network(random);
        cluster = new Cluster(random, network::send);
        checker = new Checker(cluster::servedByAll);
        fold = new FoldProcess(decider, random, checker);
    }

    /** @throws Violation if anything happened that must not */
    Checker run() {
        for (int step = 0; step < STEPS; step++) {
            act(random.nextInt(100));
        }
        comeToRest();
        if (seed % REPLAYED == 0) {
            fold.replay();
        }
        return checker;
    }

    private void act(int dice) {
        if (dice < 32) {
            network.deliver().ifPresent(fold::receive);
        } else if (dice < 62) {
            fold.step();
        } else if (dice < 76) {
            cluster.agentStep(fold.desired(), now);
        } else if (dice < 84) {
            cluster.sidecarStep();
        } else if (dice < 93) {
            pass(Duration.ofMinutes(30 + random.nextInt(300)));
        } else if (dice < 97) {
            alert();
        } else if (dice < 98) {
            cluster.crash();
        } else {
            person();
        }
    }

    private void pass(Duration time) {
        health(now);
        now = now.plus(time);
        network.send(Story.tick(now));
    }

    /** A window of whatever is on trial, mostly good. */
    private void health(Instant start) {
        if (fold.state().phase() instanceof Phase.Rollout rollout) {
            boolean bad = random.nextInt(25) == 0;
            network.send(
                    Story.health(rollout.challenger().version(), start, 60, bad ? 30 : 0, bad ? 900.0 : 20.0, now));
        }
    }

    private void alert() {
        State state = fold.state();
        String about = random.nextInt(10) == 0
                ? state.serving().former().orElse("dec")
                : state.serving().champion().orElseThrow();
        String id = "a" + ids++;
        network.send(Story.alert(id, RULES.get(random.nextInt(RULES.size())), about, now));
    }

    private void person() {
        switch (random.nextInt(4)) {
            case 0 -> network.send(Story.manual("m" + ids++, null, "rollback", now));
            case 1 -> no();
            default -> network.send(Story.manual("m" + ids++, random.nextBoolean() ? "weekly" : "storm", "now", now));
        }
    }

    private void no() {
        State state = fold.state();
        boolean training = state.phase() instanceof Phase.Active;
        String step =
                state.phase() instanceof Phase.Active active ? active.run().slot() : "traffic";
        long generation = training ? 1 : state.serving().traffic().generation();
        network.send(LifecycleEvent.newBuilder()
                .setId("n" + ids++)
                .setModel(Story.MODEL)
                .setNow(now.toEpochMilli())
                .setSender("cli")
                .setKind(LifecycleEventKind.APPROVAL)
                .setApproval(new Approval(step, generation, false, "ada", ""))
                .build());
    }

    /** Faults end, nothing new is asked for; time goes on only when everything is at rest, as in a replay. */
    private void comeToRest() {
        network.repair();
        cluster.repair();
        fold.repair();
        Instant begin = now;
        for (int round = 0; round < ROUNDS; round++) {
            quiesce();
            checker.atRest(fold.state(), cluster.champion());
            pass(Duration.ofHours(8));
        }
        checker.atEnd(fold.state(), begin);
    }

    private void quiesce() {
        for (int pass = 0; pass < PASSES; pass++) {
            drain();
            if (pass > 0 && fold.state().settled()) {
                return;
            }
            cluster.agentStep(fold.desired(), now);
            for (int i = 0; i < 8; i++) {
                cluster.sidecarStep();
            }
        }
        throw new Violation("does not settle: " + fold.state().phase() + ", "
                + fold.state().serving().traffic());
    }

    private void drain() {
        while (!network.isEmpty() || !fold.idle()) {
            network.deliver().ifPresent(fold::receive);
            fold.step();
        }
    }
}
