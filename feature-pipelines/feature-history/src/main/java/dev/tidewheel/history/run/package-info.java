/** A platform's past as a whole: its topics and raw tables, read for parity, explanations and books. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.run;
