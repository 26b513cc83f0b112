/** From definitions in files to definitions in force: what would change, and publishing it. */
@NullMarked
package dev.tidewheel.workbench.apply;

import org.jspecify.annotations.NullMarked;
