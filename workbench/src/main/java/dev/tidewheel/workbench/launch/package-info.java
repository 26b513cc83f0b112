/** What stands between the workbench and the main of a child process. Depends on the JDK alone. */
@NullMarked
package dev.tidewheel.workbench.launch;

import org.jspecify.annotations.NullMarked;
