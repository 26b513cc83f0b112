/** Topics, their records' bytes, and clients with deadlines. */
@NullMarked
package dev.tidewheel.runtime.kafka;

import org.jspecify.annotations.NullMarked;
