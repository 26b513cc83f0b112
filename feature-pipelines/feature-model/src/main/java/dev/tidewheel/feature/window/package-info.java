/** Windows over event time and the tiles that they are cut into. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.window;
