/** Training sets, parity, books and explanations, computed from what was kept: the raw tables and the topics. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history;
