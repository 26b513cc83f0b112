/** One key of one view, played forward in time: what its features were at any moment asked. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.replay;
