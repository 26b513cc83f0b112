/** CEL over rows: checked by cel-java, compiled to closures over slots, the same for stream, history and request. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.expression;
