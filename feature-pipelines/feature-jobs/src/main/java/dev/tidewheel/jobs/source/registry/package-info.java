/** Schemas of writers, by id, from a registry that speaks Confluent's REST API. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.jobs.source.registry;
