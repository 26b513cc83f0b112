/** Sources read through: their changes in batches, with no more columns than are needed and nothing held. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.scan;
