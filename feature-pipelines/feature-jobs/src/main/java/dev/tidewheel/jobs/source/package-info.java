/** Records of the source's topic, decoded into rows. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.source;
