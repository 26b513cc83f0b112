/** The online store as callers see it: versioned states of keys, written in batches and read in one round trip. */
@NullMarked
package dev.tidewheel.store;

import org.jspecify.annotations.NullMarked;
