/** Why a value is what it is: one served prediction taken apart, and a view's values over time. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.explain;
