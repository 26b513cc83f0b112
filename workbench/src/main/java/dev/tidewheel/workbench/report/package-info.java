/** What a run has shown, as text, JSON and HTML. */
@NullMarked
package dev.tidewheel.workbench.report;

import org.jspecify.annotations.NullMarked;
