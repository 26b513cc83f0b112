/** What values ought to be: the naive oracle over raw rows, asked with a cut. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.oracle;
