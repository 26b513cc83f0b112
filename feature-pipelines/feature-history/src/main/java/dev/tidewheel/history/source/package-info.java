/** A source's history in memory: every change that a table or a file holds, in the order in which it became visible. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.source;
