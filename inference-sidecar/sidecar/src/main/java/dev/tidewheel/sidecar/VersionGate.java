package dev.tidewheel.sidecar;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * Asks the model server again and again whether it has the versions that are to be served next, and admits them when it
 * does. Asking makes it load them: the first request finds them warm. Runs on one event loop.
 */
final class VersionGate {
    private static final long PERIOD_MILLIS = 100;

    private final TrafficFollower traffic;
    private final ModelClient model;
    private final String name;
    private boolean asking;

    private VersionGate(TrafficFollower traffic, ModelClient model, String name) {
        this.traffic = traffic;
        this.model = model;
        this.name = name;
    }

    /** Begins; ends with the event loops. */
    static void start(Vertx vertx, TrafficFollower traffic, ModelClient model, String name) {
        VersionGate gate = new VersionGate(traffic, model, name);
        vertx.setPeriodic(PERIOD_MILLIS, tick -> gate.look());
    }

    private void look() {
        Optional<Traffic> waiting = traffic.waiting();
        if (asking || waiting.isEmpty()) {
            return;
        }
        Traffic wanted = waiting.get();
        asking = true;
        Future.all(traffic.newVersions(wanted).stream()
                        .map(version -> model.ready(name, version))
                        .toList())
                .onComplete(answers -> asking = false)
                .onSuccess(ready -> {
                    if (!ready.<Boolean>list().contains(false)) {
                        traffic.admit(wanted);
                    }
                });
    }
}
