/** Feature views: compiled plans, and the state that one key has under one. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.view;
