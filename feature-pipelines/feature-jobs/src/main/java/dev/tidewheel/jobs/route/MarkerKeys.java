package dev.tidewheel.jobs.route;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/** Key texts that Flink routes to a wanted subtask. */
final class MarkerKeys {
    private MarkerKeys() {}

    /**
     * One text per subtask, found by trying: a subtask owns at least one key group, so the search ends after about as
     * many tries as there are key groups.
     *
     * @return the key for subtask i at index i
     */
    static String[] find(int maxParallelism, int parallelism) {
        String[] keys = new String[parallelism];
        int missing = parallelism;
        for (int attempt = 0; missing > 0; attempt++) {
            String key = "marker-" + attempt;
            int subtask = KeyGroupRangeAssignment.assignKeyToParallelOperator(key, maxParallelism, parallelism);
            if (keys[subtask] == null) {
                keys[subtask] = key;
                missing--;
            }
        }
        return keys;
    }
}
