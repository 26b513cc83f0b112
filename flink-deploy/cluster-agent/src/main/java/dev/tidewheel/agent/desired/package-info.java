/** What should exist, as the lifecycle last said it. */
@NullMarked
package dev.tidewheel.agent.desired;

import org.jspecify.annotations.NullMarked;
