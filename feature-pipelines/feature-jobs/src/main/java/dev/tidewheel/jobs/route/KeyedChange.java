package dev.tidewheel.jobs.route;

/**
 * A change and the key that it belongs to.
 *
 * @param key the entity's key text
 * @param change for this key
 */
public record KeyedChange(String key, RoutedChange change) {}
