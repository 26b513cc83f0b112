/** The reference trainer: training sets in, evaluated and registered ONNX models out. */
@NullMarked
package dev.tidewheel.trainer;

import org.jspecify.annotations.NullMarked;
