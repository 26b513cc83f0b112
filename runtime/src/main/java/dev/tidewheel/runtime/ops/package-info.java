/** What an operator sees of a process over HTTP: metrics and health. */
@NullMarked
package dev.tidewheel.runtime.ops;

import org.jspecify.annotations.NullMarked;
