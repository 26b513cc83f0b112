package dev.tidewheel.workbench.replay;

/**
 * How far a replay has come.
 *
 * @param now the story's time, epoch milliseconds
 * @param step counts the steps, from 1
 * @param events sent so far, from the story's beginning
 * @param questions asked so far
 */
public record Position(long now, long step, int events, int questions) {
    /** Before the first step. */
    public static final Position START = new Position(Long.MIN_VALUE, 0, 0, 0);

    public Position {
        if (step < 0 || events < 0 || questions < 0) {
            throw new IllegalArgumentException("negative: " + step + ", " + events + ", " + questions);
        }
    }

    Position after(Step done) {
        return new Position(done.now(), step + 1, done.events(), done.questions());
    }
}
