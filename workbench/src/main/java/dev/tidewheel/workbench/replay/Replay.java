package dev.tidewheel.workbench.replay;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The lock-step: send what has become known, events and labels, wait until every stage has acknowledged it, set the
 * clock, at control ticks let the control plane settle, ask. No question is ever asked before all that was known has
 * arrived, and nothing is sent that was not known yet, so a replay leaks nothing of the future, however fast it runs.
 * When the clock says T, every label that was known by T and every answer from before T is on its topic. Holds no clock of its own; waiting and time-outs are the target's.
 *
 * <p>A step that was interrupted is repeated whole: the target sends no event twice, and questions and labels are
 * recognised by their request id.
 */
public final class Replay {
    private final Schedule schedule;
    private final ReplayTarget target;

    private volatile Position position;

    /**
     * @param position where to begin
     */
    public Replay(Schedule schedule, ReplayTarget target, Position position) {
        this.schedule = schedule;
        this.target = target;
        this.position = position;
    }

    /** Sends what is known at a time and waits for it: history in bulk. The clock is not set yet. */
    public void catchUp(long now) throws InterruptedException {
        Step step = schedule.catchUp(position, now);
        target.send(position.events(), step.events());
        target.awaitAcknowledged();
        position = position.after(step);
        target.remember(position);
    }

    /** Sets the clock to where the replay stands: story time begins. Again after a crash, it changes nothing. */
    public void begin() {
        target.tick(position.now());
    }

    /** Lets the control plane settle at the time where the replay stands, without asking anything. */
    public void settle() throws InterruptedException {
        target.settle(position.now());
    }

    /**
     * Performs steps until the end or until told to stop.
     *
     * @param pace how fast the story may go
     * @param stop asked before each step
     */
    public void run(Pace pace, BooleanSupplier stop) throws InterruptedException {
        Optional<Step> next = schedule.after(position);
        while (next.isPresent() && !stop.getAsBoolean()) {
            pace.await(next.get().now());
            perform(next.get());
            next = schedule.after(position);
        }
    }

    /** How far the replay has come; may be asked by other threads. */
    public Position position() {
        return position;
    }

    private void perform(Step step) throws InterruptedException {
        target.send(position.events(), step.events());
        target.label(position.events(), step.events(), step.questions());
        target.awaitAcknowledged();
        target.tick(step.now());
        if (step.control()) {
            target.settle(step.now());
        }
        target.ask(position.questions(), step.questions());
        position = position.after(step);
        target.remember(position);
    }
}
