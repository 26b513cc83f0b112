/**
 * The sidecar: stands beside a model server, adds features to requests, asks the model and logs every inference.
 *
 * <p>The way of a request: {@link dev.tidewheel.sidecar.InferHandler} admits it, stamps its time and chooses the version
 * by the {@link dev.tidewheel.sidecar.Traffic}, {@link dev.tidewheel.sidecar.Scoring} lets it score:
 * {@link dev.tidewheel.sidecar.VectorReader} reads and assembles the vectors, {@link dev.tidewheel.sidecar.ModelClient}
 * asks the model, {@link dev.tidewheel.sidecar.InferenceLog} writes the log. {@link dev.tidewheel.sidecar.Shadows} has
 * another version asked the same.
 */
@NullMarked
package dev.tidewheel.sidecar;

import org.jspecify.annotations.NullMarked;
