package dev.tidewheel.history.care;

import dev.tidewheel.runtime.warehouse.LocalFileIO;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Files of a process that dies: from some change of the disk on, none of its changes reaches it. For one test at a time. */
public final class FailingFileIO implements SupportsPrefixOperations {
    private static final long serialVersionUID = 1L;
    private static final AtomicReference<Plan> PLAN = new AtomicReference<>(new Plan());

    private final LocalFileIO files = new LocalFileIO();

    /** What happens to the disk from now on. */
    static final class Plan {
        private long left = Long.MAX_VALUE;
        private boolean died;
        private final Map<String, Integer> reads = new ConcurrentHashMap<>();
        private Runnable beforeData = () -> {};

        private void change(String location) {
            if (location.contains("care-")) {
                takeHook().run();
            }
            count(location);
        }

        private synchronized Runnable takeHook() {
            Runnable once = beforeData;
            beforeData = () -> {};
            return once;
        }

        private synchronized void count(String location) {
            if (left-- <= 0) {
                died = true;
                throw new Death(location);
            }
        }
    }

    /** The process is no more; an error, because nobody may catch it and go on. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;

        Death(String location) {
            super("died before it changed " + location);
        }
    }

    /** All goes well. */
    static void live() {
        PLAN.set(new Plan());
    }

    /** Dies at the change after so many. */
    static void dieAfter(long changes) {
        Plan plan = new Plan();
        plan.left = changes;
        PLAN.set(plan);
    }

    /** Runs something once before care writes its next data file. */
    static void beforeCareWrites(Runnable what) {
        Plan plan = new Plan();
        plan.beforeData = what;
        PLAN.set(plan);
    }

    /** How often a file was opened since. */
    static int reads(String location) {
        return PLAN.get().reads.getOrDefault(location, 0);
    }

    static boolean died() {
        return PLAN.get().died;
    }

    @Override
    public InputFile newInputFile(String location) {
        PLAN.get().reads.merge(location, 1, Integer::sum);
        return files.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
        PLAN.get().change(location);
        return files.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
        PLAN.get().change(location);
        files.deleteFile(location);
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
        return files.listPrefix(prefix);
    }

    @Override
    public void deletePrefix(String prefix) {
        files.deletePrefix(prefix);
    }
}
