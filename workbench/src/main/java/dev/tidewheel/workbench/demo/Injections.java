package dev.tidewheel.workbench.demo;

import dev.tidewheel.workbench.WorkbenchException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Errors made on purpose: {@code drop} and {@code double} in the feature job, {@code boundary} and {@code stale} in the
 * sidecar, to prove that parity finds them; {@code deaths}, a file that orders at which steps the feature job's process
 * dies, to prove that nothing comes of it.
 *
 * @param values by name, as the processes' configuration writes them
 */
public record Injections(Map<String, String> values) {
    /** None. */
    public static final Injections NONE = new Injections(Map.of());

    private static final Set<String> KNOWN = Set.of("drop", "double", "boundary", "stale", "deaths");

    public Injections {
        values = Map.copyOf(values);
        for (String name : values.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new WorkbenchException("no injection is called '" + name + "': there are " + KNOWN);
            }
        }
    }

    /** For the feature job's configuration. */
    Map<String, String> job() {
        Map<String, String> job = new TreeMap<>();
        take("drop", "drop", job);
        take("double", "duplicate", job);
        take("deaths", "deaths", job);
        return job;
    }

    /** For the sidecar's configuration. */
    Map<String, String> sidecar() {
        Map<String, String> sidecar = new TreeMap<>();
        take("boundary", "boundary", sidecar);
        take("stale", "stale", sidecar);
        return sidecar;
    }

    private void take(String name, String key, Map<String, String> to) {
        String value = values.get(name);
        if (value != null) {
            to.put(key, value);
        }
    }
}
