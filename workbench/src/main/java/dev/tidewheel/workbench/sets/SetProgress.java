package dev.tidewheel.workbench.sets;

import dev.tidewheel.history.run.TrainingSets;
import dev.tidewheel.workbench.terminal.Terminal;
import java.util.Locale;

/** Shows on a terminal how a training set comes to be: what is read, how many questions are answered. */
public final class SetProgress implements TrainingSets.Progress {
    private static final int WIDTH = 30;

    private final Terminal terminal;

    public SetProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void reading(String source) {
        terminal.status("reading the history of " + source);
    }

    @Override
    public void answered(long done, long total) {
        int full = (int) (WIDTH * done / Math.max(1, total));
        terminal.status(String.format(
                Locale.ROOT,
                "answering [%s%s] %,d of %,d questions",
                "#".repeat(full),
                "-".repeat(WIDTH - full),
                done,
                total));
    }
}
