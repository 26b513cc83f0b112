/** Views over views: what one emits for another to read. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.chain;
