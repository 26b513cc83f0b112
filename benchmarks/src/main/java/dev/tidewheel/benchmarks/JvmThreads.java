package dev.tidewheel.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the JVM's own threads have taken so far. Java tells only how long they were at it by the clock; on a busy machine that
 * is more than their CPU time, which Linux tells by thread.<sup>1</sup> Elsewhere it is the clock's. A compiler's thread that
 * ends takes its time with it; one of each kind always stays.
 *
 * <p><sup>1</sup> proc_pid_stat(5): fields 14 and 15, in ticks of a hundredth of a second.
 */
final class JvmThreads {
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final int USER_TICKS = 14;
    private static final double TICKS_PER_SECOND = 100;
    private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");
    private static final List<String> COLLECTORS = List.of("GC Thread", "G1 ");

    private JvmThreads() {}

    /** Of the JIT compiler, in seconds. */
    static double compilerSeconds() {
        return Files.isDirectory(THREADS)
                ? cpuSeconds(COMPILERS)
                : ManagementFactory.getCompilationMXBean().getTotalCompilationTime() / 1e3;
    }

    /** Of the garbage collector, in seconds. */
    static double collectorSeconds() {
        return Files.isDirectory(THREADS) ? cpuSeconds(COLLECTORS) : pauseSeconds();
    }

    private static double pauseSeconds() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum()
                / 1e3;
    }

    private static double cpuSeconds(List<String> names) {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.mapToLong(thread -> ticks(thread.resolve("stat"), names))
                            .sum()
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ticks(Path stat, List<String> names) {
        String line;
        try {
            line = Files.readString(stat);
        } catch (IOException threadHasEnded) {
            return 0;
        }
        String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
        if (names.stream().noneMatch(name::startsWith)) {
            return 0;
        }
        // The name may contain spaces; what follows it begins with field 3.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[USER_TICKS - 3]) + Long.parseLong(fields[USER_TICKS + 1 - 3]);
    }
}
