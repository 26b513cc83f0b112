/** The naive truth: values by scanning all changes, to compare the tiles with. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.oracle;
