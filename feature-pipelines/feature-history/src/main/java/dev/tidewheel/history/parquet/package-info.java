/** Parquet files read and written a column at a time, by name, with as little Hadoop as Parquet allows. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.parquet;
