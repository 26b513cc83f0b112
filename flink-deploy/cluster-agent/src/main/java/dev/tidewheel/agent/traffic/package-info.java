/** Which versions get a model's requests: written to the registry, seen at the sidecars. */
@NullMarked
package dev.tidewheel.agent.traffic;

import org.jspecify.annotations.NullMarked;
