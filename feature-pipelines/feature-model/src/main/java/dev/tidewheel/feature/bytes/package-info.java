/** How the mathematics writes itself down: variable-length integers into growing arrays, checked reads out of them. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.bytes;
