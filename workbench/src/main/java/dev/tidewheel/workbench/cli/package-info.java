/** The commands. */
@NullMarked
package dev.tidewheel.workbench.cli;

import org.jspecify.annotations.NullMarked;
