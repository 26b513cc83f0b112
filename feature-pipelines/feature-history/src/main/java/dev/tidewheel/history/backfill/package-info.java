/** Brings history into a raw table that never was in the source's topic. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.backfill;
