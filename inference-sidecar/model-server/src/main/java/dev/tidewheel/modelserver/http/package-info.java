/** The way of a request: routes, bounded bodies, bounded work, deadlines, and what is measured on the way. */
@NullMarked
package dev.tidewheel.modelserver.http;

import org.jspecify.annotations.NullMarked;
