/** The last row of every primary key, for change streams that do not say what a row was before. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.changelog;
