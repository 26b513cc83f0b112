/** What may be written: the one description that the loader, the JSON Schemas and the documentation share. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.definitions.shape;
