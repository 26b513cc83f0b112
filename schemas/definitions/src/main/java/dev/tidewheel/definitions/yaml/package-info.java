/** YAML as a tree that remembers where everything stands. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.definitions.yaml;
