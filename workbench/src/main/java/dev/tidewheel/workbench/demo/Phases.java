package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.report.Report.Phase;
import dev.tidewheel.workbench.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what is being done, and remembers how long it took. For one thread. */
final class Phases {
    private final Terminal terminal;
    private final List<Phase> done = new ArrayList<>();

    Phases(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A part of the run that gives something. */
    interface Work<T> {
        T perform() throws Exception;
    }

    /**
     * Performs a part of the run and says so.
     *
     * @param name one word for the report
     * @param doing for people, such as "training two models"
     */
    <T> T during(String name, String doing, Work<T> work) throws Exception {
        terminal.status(doing + " …");
        long begin = System.nanoTime();
        try {
            return work.perform();
        } finally {
            double seconds = (System.nanoTime() - begin) / 1e9;
            done.add(new Phase(name, Math.round(seconds * 100) / 100.0));
            terminal.line(String.format(Locale.ROOT, "%6.1f s  %s", seconds, doing));
        }
    }

    /** What has been done so far, in order. */
    List<Phase> done() {
        return List.copyOf(done);
    }
}
