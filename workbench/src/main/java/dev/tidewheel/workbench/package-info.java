/** The {@code tidewheel} command: definitions, the platform on one machine, the demo and its report. */
@NullMarked
package dev.tidewheel.workbench;

import org.jspecify.annotations.NullMarked;
