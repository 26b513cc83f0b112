/** The loop: look, act, report, again; what is common to all kinds of things. */
@NullMarked
package dev.tidewheel.agent.reconcile;

import org.jspecify.annotations.NullMarked;
