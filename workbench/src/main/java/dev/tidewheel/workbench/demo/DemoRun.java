package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.report.ReportHtml;
import dev.tidewheel.workbench.report.ReportJson;
import dev.tidewheel.workbench.report.ReportText;
import dev.tidewheel.workbench.stack.Checkout;
import dev.tidewheel.workbench.stack.PidFiles;
import dev.tidewheel.workbench.stack.RunDirectory;
import dev.tidewheel.workbench.terminal.Interrupts;
import dev.tidewheel.workbench.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;

/** One start of a demo in its folder, with what surrounds the story: going on after a crash, Ctrl-C, the report. */
public final class DemoRun {
    private final DemoSettings settings;
    private final Checkout checkout;
    private final RunDirectory run;
    private final Terminal terminal;
    private final boolean keepRunning;
    private final CountDownLatch stop = new CountDownLatch(1);

    /**
     * @param keepRunning whether everything stays up after the report, until the process is told to end
     */
    public DemoRun(DemoSettings settings, Checkout checkout, RunDirectory run, Terminal terminal, boolean keepRunning) {
        this.settings = settings;
        this.checkout = checkout;
        this.run = run;
        this.terminal = terminal;
        this.keepRunning = keepRunning;
    }

    /**
     * Plays the story and writes its report into the run's folder.
     *
     * @param fresh whether to forget what earlier starts have done
     */
    public Report play(boolean fresh) throws Exception {
        prepare(fresh);
        Demo demo = new Demo(settings, checkout, run, terminal);
        Interrupts.onFirst(() -> interrupted(demo));
        return demo.play(this::publish);
    }

    private void prepare(boolean fresh) {
        run.pids().running(PidFiles.WORKBENCH).ifPresent(other -> {
            throw new WorkbenchException("this run is in use by process " + other.pid()
                    + "; end it with: tidewheel stop, or give this one another name with --run NAME");
        });
        RunMemory memory = new RunMemory(run);
        if (fresh || !memory.canGoOn(settings)) {
            run.pids().running().forEach(run.pids()::end);
            memory.begin(settings);
        } else {
            terminal.line("Going on with what an earlier start has left in " + run.root());
        }
        System.setProperty(
                "tidewheel.log.file", run.logs().resolve("workbench.log").toString());
    }

    private void publish(Report report) {
        try {
            Files.writeString(run.report("html"), ReportHtml.render(report));
            Files.writeString(run.report("txt"), ReportText.render(report));
            Files.writeString(run.report("json"), ReportJson.render(report));
        } catch (IOException e) {
            throw new WorkbenchException("cannot write the report: " + e, e);
        }
        if (report.outcome() == Report.Outcome.COMPLETE) {
            new RunMemory(run).finish();
        }
        terminal.line("");
        terminal.line(ReportText.render(report));
        terminal.line("Report     " + run.report("html"));
        terminal.line("           " + run.report("json"));
        if (keepRunning) {
            stay();
        }
    }

    private void stay() {
        terminal.line("Everything still runs. Ctrl-C ends it.");
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void interrupted(Demo demo) {
        terminal.line("Stopping; the report of what was done follows. Ctrl-C again ends at once.");
        demo.stop();
        stop.countDown();
    }
}
