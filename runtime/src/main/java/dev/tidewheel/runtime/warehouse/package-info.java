/** How processes that read or write Iceberg tables reach the tables' files. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.runtime.warehouse;
