/** The demo: the story from definitions to the report, step by step. */
@NullMarked
package dev.tidewheel.workbench.demo;

import org.jspecify.annotations.NullMarked;
