/** Topics read from their beginning to where they end now. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.topic;
