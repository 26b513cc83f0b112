/** The example data: reading the flights that ship with the project, and fetching all of them. */
@NullMarked
package dev.tidewheel.workbench.data;

import org.jspecify.annotations.NullMarked;
