/** What the lifecycle of one model knows: immutable, and written as canonical JSON. */
@NullMarked
package dev.tidewheel.lifecycle.state;

import org.jspecify.annotations.NullMarked;
