/** What is wrong with definitions, and where. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.definitions.problem;
