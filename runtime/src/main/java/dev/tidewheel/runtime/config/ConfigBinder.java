package dev.tidewheel.runtime.config;

import dev.tidewheel.runtime.config.ConfigNode.Entries;
import dev.tidewheel.runtime.config.ConfigNode.Items;
import dev.tidewheel.runtime.config.ConfigNode.Place;
import dev.tidewheel.runtime.config.ConfigNode.Text;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns nodes into records, strictly. */
final class ConfigBinder {
    Object bindRecord(ConfigNode node, Class<?> type, String path) {
        Entries entries = entries(node, type, path);
        RecordComponent[] components = type.getRecordComponents();
        refuseUnknownKeys(entries, components, path);
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = component(entries, components[i], child(path, components[i].getName()));
        }
        return construct(type, types, arguments, entries.place(), path);
    }

    private static Entries entries(ConfigNode node, Class<?> type, String path) {
        if (node instanceof Entries entries) {
            return entries;
        }
        if (node instanceof Text text && text.absent()) {
            return new Entries(node.place(), Map.of(), Map.of());
        }
        throw error(
                node.place(),
                path,
                "expected a mapping with the keys " + names(type.getRecordComponents()) + ", found " + node.kind());
    }

    private static void refuseUnknownKeys(Entries entries, RecordComponent[] components, String path) {
        List<String> known =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        for (String key : entries.values().keySet()) {
            if (!known.contains(key)) {
                Place place = entries.places().getOrDefault(key, entries.place());
                String remedy = Spelling.nearest(key, known)
                        .map(name -> "; did you mean '" + name + "'?")
                        .orElse("; known keys: " + names(components));
                throw error(place, child(path, key), "unknown key" + remedy);
            }
        }
    }

    private @Nullable Object component(Entries entries, RecordComponent component, String path) {
        ConfigNode node = entries.values().get(component.getName());
        boolean absent = node == null || (node instanceof Text text && text.absent());
        boolean optional = component.getType() == Optional.class;
        if (node != null && !absent) {
            Type type = component.getGenericType();
            return optional ? Optional.of(bind(node, argument(type, 0), path)) : bind(node, type, path);
        }
        Place place = node == null ? entries.place() : node.place();
        Default written = component.getAnnotation(Default.class);
        if (written != null) {
            String name = place + " (default of " + path + ")";
            return bind(
                    new ConfigReader(name, Function.identity()).read(written.value()),
                    component.getGenericType(),
                    path);
        }
        if (optional) {
            return Optional.empty();
        }
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return null;
        }
        throw error(
                place, path, "is required; add '" + component.getName() + ": " + example(component.getType()) + "'");
    }

    private Object bind(ConfigNode node, Type type, String path) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class
                    ? list(node, argument(generic, 0), path)
                    : map(node, generic, path);
        }
        Class<?> raw = (Class<?>) type;
        return raw.isRecord() && raw != DataSize.class ? bindRecord(node, raw, path) : scalar(node, raw, path);
    }

    private List<Object> list(ConfigNode node, Type item, String path) {
        if (!(node instanceof Items items)) {
            throw error(node.place(), path, "expected a list, found " + node.kind());
        }
        List<Object> result = new ArrayList<>();
        for (ConfigNode each : items.items()) {
            result.add(bind(each, item, path + "[" + result.size() + "]"));
        }
        return List.copyOf(result);
    }

    private Map<String, Object> map(ConfigNode node, ParameterizedType type, String path) {
        if (type.getRawType() != Map.class || argument(type, 0) != String.class) {
            throw new IllegalStateException(path + ": configuration records cannot hold " + type);
        }
        if (!(node instanceof Entries entries)) {
            throw error(node.place(), path, "expected a mapping, found " + node.kind());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        entries.values().forEach((key, value) -> result.put(key, bind(value, argument(type, 1), child(path, key))));
        return Collections.unmodifiableMap(result);
    }

    private static Object scalar(ConfigNode node, Class<?> type, String path) {
        if (!(node instanceof Text text) || text.absent()) {
            throw error(node.place(), path, "expected " + Scalars.describe(type) + ", found " + node.kind());
        }
        try {
            return Scalars.parse(text.text(), type);
        } catch (IllegalArgumentException e) {
            throw error(node.place(), path, text.resolved() ? hidden(type) : String.valueOf(e.getMessage()));
        }
    }

    private static String hidden(Class<?> type) {
        return "expected " + Scalars.describe(type) + "; what the placeholder stands for is something else (not shown)";
    }

    private static Object construct(
            Class<?> type, Class<?>[] types, @Nullable Object[] arguments, Place place, String path) {
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw error(place, path, String.valueOf(refused.getMessage()));
            }
            throw new IllegalStateException(type + " cannot be built", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be built", e);
        }
    }

    private static String example(Class<?> type) {
        return type.isRecord() && type != DataSize.class
                ? "{" + names(type.getRecordComponents()) + "}"
                : "<" + Scalars.describe(type) + ">";
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static String names(RecordComponent[] components) {
        TreeSet<String> names = new TreeSet<>();
        Arrays.stream(components).forEach(component -> names.add(component.getName()));
        return String.join(", ", names);
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static ConfigException error(Place place, String path, String what) {
        return new ConfigException(place + ": " + (path.isEmpty() ? "" : path + ": ") + what);
    }
}
