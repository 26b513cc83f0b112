/** What monitoring and lifecycle did in a run, read back from their topics: figures, books, decisions. */
@NullMarked
package dev.tidewheel.workbench.control;

import org.jspecify.annotations.NullMarked;
