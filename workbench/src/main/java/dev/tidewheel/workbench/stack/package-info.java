/** The platform on one machine: which processes there are, how they start, stop and come back. */
@NullMarked
package dev.tidewheel.workbench.stack;

import org.jspecify.annotations.NullMarked;
