/** The reference: what a training set looked like, as a whole and window by window. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.profile;
