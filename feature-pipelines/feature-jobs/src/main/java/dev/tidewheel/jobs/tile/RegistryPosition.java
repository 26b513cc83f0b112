package dev.tidewheel.jobs.tile;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;

/**
 * From which state of the registry a job was built: the offset before which it knew all records. It travels as a parameter
 * of the job, which Flink's web UI shows, and its frontiers say it: so others learn what the job does not know yet, however
 * often its tasks were started again since.
 */
public final class RegistryPosition {
    private static final String PARAMETER = "tidewheel.registry";

    /** Of a job that does not say it. */
    static final long UNKNOWN = -1;

    private RegistryPosition() {}

    /** Notes it in a job's settings. */
    public static void note(Configuration settings, long position) {
        settings.set(PipelineOptions.GLOBAL_JOB_PARAMETERS, Map.of(PARAMETER, Long.toString(position)));
    }

    /** Reads it from the parameters of a running job. */
    static long of(Map<String, String> parameters) {
        String noted = parameters.get(PARAMETER);
        return noted == null ? UNKNOWN : Long.parseLong(noted);
    }
}
