/** Dead letters: finding them, sending their records again, laying them aside. */
@NullMarked
package dev.tidewheel.workbench.dead;

import org.jspecify.annotations.NullMarked;
