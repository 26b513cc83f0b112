/** Changes played back through the very state that serves: what a key's features were at any moment asked. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.replay;
