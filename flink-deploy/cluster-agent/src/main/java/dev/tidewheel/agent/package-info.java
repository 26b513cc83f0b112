/**
 * The cluster agent: makes what runs look as the lifecycle desires, and reports what it sees. It decides nothing, and the
 * deciding side holds no credentials.
 */
@NullMarked
package dev.tidewheel.agent;

import org.jspecify.annotations.NullMarked;
