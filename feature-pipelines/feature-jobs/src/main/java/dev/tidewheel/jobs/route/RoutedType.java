package dev.tidewheel.jobs.route;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Tells Flink how {@link Routed} travels: by {@link RoutedSerializer}. */
public final class RoutedType extends TypeInformation<Routed> {
    private static final long serialVersionUID = 1L;

    private final String topic;

    /** @param topic of the source */
    public RoutedType(String topic) {
        this.topic = topic;
    }

    @Override
    public TypeSerializer<Routed> createSerializer(SerializerConfig config) {
        return new RoutedSerializer(topic);
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<Routed> getTypeClass() {
        return Routed.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof RoutedType;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutedType that && topic.equals(that.topic);
    }

    @Override
    public int hashCode() {
        return topic.hashCode();
    }

    @Override
    public String toString() {
        return "Routed";
    }
}
