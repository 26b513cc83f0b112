/** Changes: rows that become known, and when. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.change;
