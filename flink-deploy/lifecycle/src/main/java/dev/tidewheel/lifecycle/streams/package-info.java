/** The lifecycle on Kafka Streams: what forwards to the inbox, and what folds it. */
@NullMarked
package dev.tidewheel.lifecycle.streams;

import org.jspecify.annotations.NullMarked;
