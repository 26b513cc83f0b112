/** Random programs: views, and changes that go through them. Every way to a value is held against the oracle with these. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.program;
