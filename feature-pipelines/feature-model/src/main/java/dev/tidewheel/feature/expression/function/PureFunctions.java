package dev.tidewheel.feature.expression.function;

import dev.tidewheel.feature.row.ColumnType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * All functions that the class path registers, by name. Looked up once per process, by the class loader of this class,
 * so that every thread knows the same; thread-safe.
 */
public final class PureFunctions {
    private static final Pattern NAME = Pattern.compile("[a-z][a-zA-Z0-9_]*\\.[a-z][a-zA-Z0-9_]*");
    private static final Map<String, PureFunction> BY_NAME = load();

    private PureFunctions() {}

    /** All of them, by name. */
    public static Collection<PureFunction> all() {
        return BY_NAME.values();
    }

    /** Their names, ascending. */
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    private static Map<String, PureFunction> load() {
        List<PureFunction> found = new ArrayList<>();
        ServiceLoader.load(PureFunction.class, PureFunction.class.getClassLoader())
                .forEach(found::add);
        return index(found);
    }

    /**
     * @throws ServiceConfigurationError if a function cannot be registered: the class path is wrong, not an expression
     */
    static Map<String, PureFunction> index(List<PureFunction> functions) {
        Map<String, PureFunction> byName = new TreeMap<>();
        for (PureFunction function : functions) {
            check(function);
            PureFunction other = byName.put(function.name(), function);
            if (other != null) {
                throw new ServiceConfigurationError("two functions are called '" + function.name() + "': "
                        + other.getClass().getName() + " and "
                        + function.getClass().getName() + "; rename one, or take its jar off the class path");
            }
        }
        return Collections.unmodifiableMap(byName);
    }

    private static void check(PureFunction function) {
        String place =
                "function '" + function.name() + "' of " + function.getClass().getName();
        if (!NAME.matcher(function.name()).matches()) {
            throw new ServiceConfigurationError(place + ": write a namespace, a dot and a name, such as geo.distance");
        }
        if (function.version() < 1) {
            throw new ServiceConfigurationError(place + ": a version is at least 1, got " + function.version());
        }
        if (function.result() == ColumnType.JSON || function.parameters().contains(ColumnType.JSON)) {
            throw new ServiceConfigurationError(place + ": JSON is a text to expressions; declare a STRING");
        }
        if (function.parameters().isEmpty()) {
            throw new ServiceConfigurationError(place + ": without a parameter it is a constant; write that instead");
        }
    }
}
