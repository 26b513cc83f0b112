/** Features as mathematics: what a value is, on a class path without an engine. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature;
