/**
 * Brings jobs onto a Flink cluster over its REST interface, follows them, and finds what to restore them from.
 *
 * <p>How the cluster has to be started for Tidewheel's jobs: its class path is that of {@code feature-jobs} (Maven writes
 * it to {@code target/classpath.txt}), so the uploaded jar holds the job's own classes only and every library is loaded
 * once, by the cluster. JobManager and TaskManager run with
 * {@code -Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tidewheel.records} and
 * {@code --add-opens=java.base/java.util=ALL-UNNAMED}, without which Flink 2.3 cannot run an uploaded jar. The job brings
 * its own settings for checkpoints and restarts; of the cluster it needs slots and {@code web.submit.enable}.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.submission;
