/** How a process starts and stops. */
@NullMarked
package dev.tidewheel.runtime.process;

import org.jspecify.annotations.NullMarked;
