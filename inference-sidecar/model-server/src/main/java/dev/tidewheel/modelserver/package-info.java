/** A small model server: ONNX models from a registry folder, asked by the Open Inference Protocol. */
@NullMarked
package dev.tidewheel.modelserver;

import org.jspecify.annotations.NullMarked;
