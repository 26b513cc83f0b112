package dev.tidewheel.workbench.demo;

import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.OneMachine;
import dev.tidewheel.workbench.stack.PidFiles;
import dev.tidewheel.workbench.stack.PidFiles.Remembered;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.stack.Supervisor;
import java.net.URI;
import java.util.Optional;

/** The processes of one run, from the first to the last. Closing it stops them all. */
final class DemoStack implements AutoCloseable {
    private final RunDirectory run;
    private final OneMachine machine;
    private final Supervisor supervisor;
    /** For every end but the ordinary one: SIGTERM, a second Ctrl-C. */
    private final Thread hook;

    private DemoStack(RunDirectory run, OneMachine machine, Supervisor supervisor) {
        this.run = run;
        this.machine = machine;
        this.supervisor = supervisor;
        this.hook = new Thread(this::stop, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Takes over a run's folder; ends what a crash has left there.
     *
     * @throws WorkbenchException if the run is in use
     */
    static DemoStack open(Checkout checkout, RunDirectory run, Optional<URI> redis) {
        PidFiles pids = run.pids();
        pids.running(PidFiles.WORKBENCH).ifPresent(other -> {
            throw new WorkbenchException("this run is in use by process " + other.pid()
                    + "; end it with: tidewheel stop, or give this one another name with --run NAME");
        });
        for (Remembered left : pids.running()) {
            pids.end(left);
        }
        pids.remember(PidFiles.WORKBENCH, ProcessHandle.current());
        return new DemoStack(run, new OneMachine(checkout, run, redis), new Supervisor(run.logs(), pids));
    }

    OneMachine machine() {
        return machine;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    KafkaConfig kafka() {
        return new KafkaConfig(machine.endpoints().bootstrap());
    }

    /** Throws if a child does not come back: then waiting for anything is of no use. */
    void check() {
        supervisor.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends already, and the hook does what remains; the ends of the children are not worth a word.
            awaitHalt();
        }
        stop();
    }

    private void stop() {
        supervisor.close();
        run.pids().forget(PidFiles.WORKBENCH);
    }

    private void awaitHalt() {
        try {
            hook.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
