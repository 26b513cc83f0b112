/** Model artifacts: found in the registry's folder, checked against their digests, loaded, shared and closed. */
@NullMarked
package dev.tidewheel.modelserver.model;

import org.jspecify.annotations.NullMarked;
