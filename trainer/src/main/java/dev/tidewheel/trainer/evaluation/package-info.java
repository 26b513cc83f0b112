/** How good predicted probabilities are, by formulas that anyone can check by hand. */
@NullMarked
package dev.tidewheel.trainer.evaluation;

import org.jspecify.annotations.NullMarked;
