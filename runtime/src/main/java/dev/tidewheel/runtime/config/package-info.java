/** Typed configuration: YAML files become checked records, or an error that says where and what to write. */
@NullMarked
package dev.tidewheel.runtime.config;

import org.jspecify.annotations.NullMarked;
