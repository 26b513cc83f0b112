/** Rows as flat slots: what expressions read and features are written to. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.row;
