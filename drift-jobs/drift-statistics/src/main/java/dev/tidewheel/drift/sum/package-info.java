/** Sums of doubles that are equal in any order, and that can be taken back. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.sum;
