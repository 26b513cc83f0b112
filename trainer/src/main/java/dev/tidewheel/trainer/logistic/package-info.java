/** Logistic regression over columns with nulls: what is fitted, and what it predicts. */
@NullMarked
package dev.tidewheel.trainer.logistic;

import org.jspecify.annotations.NullMarked;
