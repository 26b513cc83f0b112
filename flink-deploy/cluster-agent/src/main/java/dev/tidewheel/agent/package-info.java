/** Makes what runs look as the lifecycle desires, and reports what it sees. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.agent;
