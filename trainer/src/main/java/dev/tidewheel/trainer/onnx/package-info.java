/** Models as ONNX: written with their preprocessing inside, and computed by onnxruntime. */
@NullMarked
package dev.tidewheel.trainer.onnx;

import org.jspecify.annotations.NullMarked;
