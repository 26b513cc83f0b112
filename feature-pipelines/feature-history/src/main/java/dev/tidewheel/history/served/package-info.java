/** What was served: vectors out of the inference log, and which records of the sources their values contained. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.served;
