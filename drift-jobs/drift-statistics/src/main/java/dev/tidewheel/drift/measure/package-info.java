/** The measures that a rule may name, and how each is computed. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.measure;
