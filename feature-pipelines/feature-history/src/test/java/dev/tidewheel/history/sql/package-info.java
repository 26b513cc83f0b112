/** Real flights asked in SQL: what the engine says about them, and what a database says that knows nothing of it. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.sql;
