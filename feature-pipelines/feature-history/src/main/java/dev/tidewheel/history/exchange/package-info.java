/**
 * What machines that find values of the past together hand to each other: changes, questions and answers as bytes, and a
 * folder that all of them see. Knows no engine.
 */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.exchange;
