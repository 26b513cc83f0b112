/** Knows erased entities again: in rows, and in keys of state. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.runtime.erase;
