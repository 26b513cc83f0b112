/** Reference profiles of training sets, and how rules would have done on later ones. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.profile;
