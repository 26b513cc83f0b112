/** How far what a checkpoint would read again is from being deleted. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.retention;
