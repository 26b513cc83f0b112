/** The Open Inference Protocol, version 2, over REST: what stands in a body, read strictly and written exactly. */
@NullMarked
package dev.tidewheel.modelserver.protocol;

import org.jspecify.annotations.NullMarked;
