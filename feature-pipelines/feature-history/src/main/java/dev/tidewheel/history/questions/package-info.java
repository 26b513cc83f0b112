/** What a training set is asked: events of a model's source, rows of a file or table, or every key at given moments. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.questions;
