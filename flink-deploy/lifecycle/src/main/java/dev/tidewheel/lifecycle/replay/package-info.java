/** Computes all decisions again, from the inbox alone, and holds them against those that were made. */
@NullMarked
package dev.tidewheel.lifecycle.replay;

import org.jspecify.annotations.NullMarked;
