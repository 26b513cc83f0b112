/** The warehouse of Iceberg tables in a folder: opening it, and reading a source's raw table at a pinned snapshot. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.warehouse;
