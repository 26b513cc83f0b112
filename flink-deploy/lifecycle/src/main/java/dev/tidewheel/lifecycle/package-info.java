/** Decides what to train and what to serve. Holds no credentials. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.lifecycle;
