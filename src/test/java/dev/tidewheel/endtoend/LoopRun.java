package dev.tidewheel.endtoend;

import dev.tidewheel.workbench.report.Report;
import dev.tidewheel.workbench.stack.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A slice that was played to its end with the quick control plane.
 *
 * @param run what it has left on disk
 * @param said what it wrote to the terminal
 * @param log what it has left on its topics
 */
record LoopRun(RunDirectory run, int exitCode, Report report, String said, LoopLog log) {
    /** The day of February that is not played any more. */
    private static final int END_DAY = 4;

    private static final Object LOCK = new Object();
    private static @Nullable LoopRun undisturbed;

    /** A run in which nothing went wrong: played once, for all tests of this JVM. */
    static LoopRun undisturbed() throws Exception {
        synchronized (LOCK) {
            if (undisturbed == null) {
                Path folder = Files.createTempDirectory("tidewheel-loop");
                try (DemoProcess demo = start("loop", folder)) {
                    undisturbed = finished(demo);
                }
            }
            return undisturbed;
        }
    }

    /** Starts one under a name of its own. */
    static DemoProcess start(String name, Path folder) throws IOException {
        List<String> options = Slice.withQuickControl(folder).options(END_DAY, "--control-tick=6h");
        return DemoProcess.start(name, options);
    }

    /** Waits for its end and reads what it has left. */
    static LoopRun finished(DemoProcess demo) throws Exception {
        int exitCode = demo.awaitExit();
        if (!Files.exists(demo.run().report("json"))) {
            throw new AssertionError("exit code " + exitCode + " and no report:\n" + demo.said());
        }
        return new LoopRun(demo.run(), exitCode, demo.report(), demo.said(), LoopLog.of(demo.run()));
    }
}
