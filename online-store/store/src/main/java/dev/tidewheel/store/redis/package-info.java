/** The online store on Redis: key and value layout, scripts that compare versions, and the client. */
@NullMarked
package dev.tidewheel.store.redis;

import org.jspecify.annotations.NullMarked;
