/** Training sets from the command line: where their histories are, what is asked, what an earlier command pinned. */
@NullMarked
package dev.tidewheel.workbench.sets;

import org.jspecify.annotations.NullMarked;
