package dev.tidewheel.runtime.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a configuration record's component when the file does not give one, written as it would be in the file:
 * {@code @Default("5ms") Duration interval}. A record whose components all have defaults may itself be
 * {@code @Default("{}")}.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Default {
    /** YAML text of the value. */
    String value();
}
