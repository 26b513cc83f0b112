package dev.tidewheel.workbench.stack;

import java.nio.file.Path;
import java.util.Objects;

/**
 * How to run one Flink job.
 *
 * @param name as the job calls itself on the cluster
 * @param entryClass its main
 * @param jar that is submitted; what it needs is on Flink's class path already
 * @param config the file that its main reads
 * @param checkpoints the folder that this job alone uses, over all its lives
 * @param parallelism how many slots it needs
 */
public record JobSpec(String name, String entryClass, Path jar, Path config, Path checkpoints, int parallelism) {
    public JobSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(entryClass, "entryClass");
        Objects.requireNonNull(jar, "jar");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(checkpoints, "checkpoints");
    }
}
