/** The kinds that users write, their loader, and what is wrong with them. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.definitions;
