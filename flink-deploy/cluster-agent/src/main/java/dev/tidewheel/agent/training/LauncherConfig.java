package dev.tidewheel.agent.training;

import dev.tidewheel.runtime.config.DataSize;
import dev.tidewheel.runtime.config.Default;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How trainings run on this machine.
 *
 * @param java the program; that of this process if left out
 * @param classPath file that holds the trainer's class path, as {@code CLASSPATH} takes it
 * @param main the trainer
 * @param options further options of its JVM; unless given, it compiles quickly rather than well: a training of some
 *     seconds takes a quarter less processor time so. Give others where trainings take minutes
 * @param workDir a folder of the agent's own, with a folder for each run
 * @param heap the trainer's greatest heap
 * @param deadline of a run, from its first start until the model server has its version
 * @param starts how often a run is started before it counts as failed
 */
public record LauncherConfig(
        Optional<Path> java,
        Path classPath,
        @Default("dev.tidewheel.trainer.Trainer") String main,
        @Default("[-XX:TieredStopAtLevel=1]") List<String> options,
        Path workDir,
        @Default("1GB") DataSize heap,
        @Default("10m") Duration deadline,
        @Default("3") int starts) {
    public LauncherConfig {
        options = List.copyOf(options);
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be positive");
        }
        if (starts < 1) {
            throw new IllegalArgumentException("starts must be at least 1");
        }
    }
}
