/** The definitions in force, followed from and published to the registry topic. */
@NullMarked
package dev.tidewheel.runtime.registry;

import org.jspecify.annotations.NullMarked;
