/** Replays a source in lock-step story time: nothing is asked before everything known by then has arrived. */
@NullMarked
package dev.tidewheel.workbench.replay;

import org.jspecify.annotations.NullMarked;
