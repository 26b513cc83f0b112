/** A Kafka broker for one machine, from Kafka's own jars. */
@NullMarked
package dev.tidewheel.workbench.broker;

import org.jspecify.annotations.NullMarked;
