package dev.tidewheel.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * For the test of a configuration record. It fails when the record gains a component that the test does not know, or a
 * default changes unseen.
 */
public final class ConfigAssertions {
    private static final String NAME = "test.yaml";

    private ConfigAssertions() {}

    /**
     * Asserts that the text gives every component of the record and of the records in it, none of them its default, and
     * loads to the expected record.
     */
    public static <T extends Record> void assertFullMapping(Class<T> type, String yaml, T expected) {
        List<String> missing = new ArrayList<>();
        compare(new ConfigReader(NAME, Function.identity()).read(yaml), type, "", missing);
        assertThat(missing)
                .as("components of %s that the text does not give, or gives as their default", type.getSimpleName())
                .isEmpty();
        assertThat(ConfigLoader.parse(yaml, NAME, type, Map.of())).isEqualTo(expected);
    }

    /** Asserts what the smallest possible text loads to. */
    public static <T extends Record> void assertDefaults(Class<T> type, String yaml, T expected) {
        assertThat(ConfigLoader.parse(yaml, NAME, type, Map.of())).isEqualTo(expected);
    }

    private static void compare(ConfigNode node, Class<?> type, String path, List<String> missing) {
        ConfigNode.Entries entries = (ConfigNode.Entries) node;
        for (RecordComponent component : type.getRecordComponents()) {
            String name = path + component.getName();
            ConfigNode value = entries.values().get(component.getName());
            if (value == null || isDefault(value, component)) {
                missing.add(name);
            } else {
                nested(component.getGenericType()).forEach(inner -> compareAll(value, inner, name + ".", missing));
            }
        }
    }

    /** Looks into the values of lists and maps, too. */
    private static void compareAll(ConfigNode node, Class<?> type, String path, List<String> missing) {
        if (node instanceof ConfigNode.Items items) {
            items.items().forEach(item -> compare(item, type, path, missing));
        } else {
            compare(node, type, path, missing);
        }
    }

    private static boolean isDefault(ConfigNode value, RecordComponent component) {
        Default written = component.getAnnotation(Default.class);
        return written != null
                && text(value).equals(text(new ConfigReader(NAME, Function.identity()).read(written.value())));
    }

    /** The value without its places. */
    private static String text(ConfigNode node) {
        if (node instanceof ConfigNode.Text text) {
            return text.text();
        }
        if (node instanceof ConfigNode.Items items) {
            return items.items().stream().map(ConfigAssertions::text).toList().toString();
        }
        StringBuilder all = new StringBuilder();
        ((ConfigNode.Entries) node)
                .values()
                .forEach((key, value) ->
                        all.append(key).append('=').append(text(value)).append(' '));
        return all.toString();
    }

    private static List<Class<?>> nested(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments())
                    .flatMap(argument -> nested(argument).stream())
                    .toList();
        }
        Class<?> raw = (Class<?>) type;
        return raw.isRecord() && raw != DataSize.class ? List.of(raw) : List.of();
    }
}
