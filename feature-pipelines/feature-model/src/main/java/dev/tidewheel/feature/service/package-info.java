/** From views and a request to the vector that a model is asked with. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.feature.service;
