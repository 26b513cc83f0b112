/** What lasts, in blocks of days: rows of a day resemble each other, so whole days are drawn and shuffled. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.drift.blocks;
