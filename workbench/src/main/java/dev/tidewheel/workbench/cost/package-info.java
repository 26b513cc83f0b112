/** What definitions would cost, before anything runs. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.workbench.cost;
