/** The whole from outside: processes, signals, reports. */
@NullMarked
package dev.tidewheel.endtoend;

import org.jspecify.annotations.NullMarked;
