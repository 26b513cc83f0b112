/** The person at the terminal: what is shown, what Ctrl-C does, how commands end. */
@NullMarked
package dev.tidewheel.workbench.terminal;

import org.jspecify.annotations.NullMarked;
