/** The folder of registered models: written once per version, in one step, and read with digests checked. */
@NullMarked
package dev.tidewheel.trainer.registry;

import org.jspecify.annotations.NullMarked;
