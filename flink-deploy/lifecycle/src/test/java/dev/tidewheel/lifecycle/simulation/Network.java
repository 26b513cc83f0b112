package dev.tidewheel.lifecycle.simulation;

import dev.tidewheel.records.LifecycleEvent;
import dev.tidewheel.records.LifecycleEventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Between all senders and the inbox: it reorders, doubles and loses. */
final class Network {
    private final Random random;
    private final List<LifecycleEvent> underWay = new ArrayList<>();
    private boolean faulty = true;

    Network(Random random) {
        this.random = random;
    }

    void send(LifecycleEvent event) {
        underWay.add(event);
    }

    /** From now on everything arrives once, and in order. */
    void repair() {
        faulty = false;
    }

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    /** Something arrives, or is lost, or arrives and will arrive again. */
    Optional<LifecycleEvent> deliver() {
        if (underWay.isEmpty()) {
            return Optional.empty();
        }
        int index = faulty ? random.nextInt(underWay.size()) : 0;
        if (faulty && random.nextInt(10) == 0) {
            return Optional.of(underWay.get(index));
        }
        LifecycleEvent event = underWay.remove(index);
        boolean lost = faulty && random.nextInt(10) == 0 && mayBeLost(event);
        return lost ? Optional.empty() : Optional.of(event);
    }

    /** Senders of triggers try until they arrive; what else is lost is said again, or was one of many. */
    private static boolean mayBeLost(LifecycleEvent event) {
        return event.getKind() != LifecycleEventKind.TRIGGER && event.getKind() != LifecycleEventKind.APPROVAL;
    }
}
