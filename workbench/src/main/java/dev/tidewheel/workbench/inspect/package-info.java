/** Looks into what a run has left: explanations, previews, parity. */
@NullMarked
package dev.tidewheel.workbench.inspect;

import org.jspecify.annotations.NullMarked;
