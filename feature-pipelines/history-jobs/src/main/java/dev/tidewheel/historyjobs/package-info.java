/** The training set on a Flink cluster: the classes of feature-history, dealt out to many machines as a batch job. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.historyjobs;
