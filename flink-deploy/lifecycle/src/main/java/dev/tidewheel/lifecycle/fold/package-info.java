/** How the lifecycle decides: pure, from a state and an event to the next state and what follows from it. */
@NullMarked
package dev.tidewheel.lifecycle.fold;

import org.jspecify.annotations.NullMarked;
