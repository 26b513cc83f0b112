/** The changelog of a view, told to a topic, for views that are chained to it. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.chain;
