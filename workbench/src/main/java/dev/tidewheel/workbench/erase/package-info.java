/** Removes an entity from what the platform keeps, and says what is gone, what waits and what stays. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.workbench.erase;
