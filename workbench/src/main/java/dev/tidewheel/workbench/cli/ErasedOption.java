package dev.tidewheel.workbench.cli;

import dev.tidewheel.records.Definition;
import dev.tidewheel.runtime.config.ErasureKey;
import dev.tidewheel.runtime.config.KafkaConfig;
import dev.tidewheel.runtime.erase.ErasedEntities;
import dev.tidewheel.runtime.registry.Erasures;
import dev.tidewheel.workbench.WorkbenchException;
import dev.tidewheel.workbench.apply.Applier;
import dev.tidewheel.workbench.inspect.RunReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who is erased, and may not come back by what a command writes: as the registry says it. */
final class ErasedOption {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Address of the Kafka whose registry says who is erased (default: the broker of the run).")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = "--erasure-key",
            paramLabel = "FILE",
            description = "The secret that the jobs have as erasures.key; needed as soon as somebody is erased.")
    private Optional<Path> key = Optional.empty();

    /**
     * The registry as it is now.
     *
     * @param run whose registry is asked if no other is named
     * @return empty if there is none to ask
     */
    Optional<Map<String, Definition>> registry(Optional<RunReader> run) throws InterruptedException {
        Optional<KafkaConfig> kafka = KafkaOption.of(bootstrap, run);
        if (kafka.isEmpty()) {
            if (key.isPresent()) {
                throw new WorkbenchException("say which registry --erasure-key belongs to: --run NAME or --bootstrap");
            }
            return Optional.empty();
        }
        return Optional.of(new Applier(kafka.get()).inForce());
    }

    /**
     * Its list of erased entities; nobody if there is no registry.
     *
     * @throws WorkbenchException if somebody is erased and the key is missing
     * @throws IllegalArgumentException if the key is another
     */
    ErasedEntities list(Optional<Map<String, Definition>> registry) {
        Map<String, Definition> all = registry.orElse(Map.of());
        int erased = Erasures.all(all).size();
        if (erased > 0 && key.isEmpty()) {
            throw new WorkbenchException(
                    "somebody is erased (" + erased + "), and nobody can tell their rows without the"
                            + " key of the list: name its file with --erasure-key, as the jobs have it");
        }
        return ErasedEntities.of(all, key.map(ErasedOption::read));
    }

    /** Reads a key. */
    static ErasureKey read(Path file) {
        try {
            return new ErasureKey(Files.readString(file).stripTrailing());
        } catch (IOException | IllegalArgumentException e) {
            throw new WorkbenchException("the key of erasures cannot be read from " + file + ": " + e.getMessage(), e);
        }
    }
}
