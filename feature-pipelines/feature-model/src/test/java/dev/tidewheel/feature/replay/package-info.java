@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.replay;
