/** The clock that runs a process: the wall's, or a story's. */
@NullMarked
package dev.tidewheel.runtime.clock;

import org.jspecify.annotations.NullMarked;
