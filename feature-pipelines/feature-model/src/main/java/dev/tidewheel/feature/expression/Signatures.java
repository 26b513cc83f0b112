package dev.tidewheel.feature.expression;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How operators and functions are written, for messages. */
final class Signatures {
    private static final Map<String, String> WRITTEN = written();

    private Signatures() {}

    private static Map<String, String> written() {
        Map<String, String> written = new TreeMap<>(Map.of(
                "+", "it between two ints, two doubles or two strings",
                "%", "it between two ints",
                "-", "it between two ints or two doubles, or before one",
                "size", "size(string)",
                "int", "int(double), int(string) or int(timestamp); of a bool, b ? 1 : 0",
                "double", "double(int) or double(string)",
                "string", "string(x) of one value",
                "timestamp", "timestamp(int) in seconds, or timestamp('2001-02-01T08:00:00Z')",
                "[]", "a column instead of a list or map"));
        List.of("*", "/").forEach(symbol -> written.put(symbol, "it between two ints or two doubles"));
        List.of("<", "<=", ">", ">=", "==", "!=")
                .forEach(symbol -> written.put(symbol, "it between two values of one type"));
        List.of("startsWith", "endsWith", "contains").forEach(name -> written.put(name, "string." + name + "(string)"));
        for (String part : List.of(
                "FullYear",
                "Month",
                "Date",
                "DayOfMonth",
                "DayOfWeek",
                "DayOfYear",
                "Hours",
                "Minutes",
                "Seconds",
                "Milliseconds")) {
            written.put("get" + part, "timestamp.get" + part + "()");
        }
        Map<String, Set<String>> own = new TreeMap<>();
        for (Functions.Overload overload : Functions.OVERLOADS) {
            List<String> types = overload.parameters().stream()
                    .map(type -> Symbols.type(type.name()))
                    .toList();
            own.computeIfAbsent(overload.function(), name -> new LinkedHashSet<>())
                    .add(overload.function() + "(" + String.join(", ", types) + ")");
        }
        Registered.FUNCTIONS.forEach((name, function) -> written.put(name, Registered.signature(function)));
        own.forEach((function, ways) -> written.put(function, String.join(" or ", ways)));
        return written;
    }

    /** What to write, in words. */
    static String of(String symbol) {
        return WRITTEN.getOrDefault(symbol, "what docs/expressions.md lists");
    }

    /** The functions that are called on a value, {@code string.size()}; others may be names in a namespace. */
    static Set<String> methods() {
        return WRITTEN.entrySet().stream()
                .filter(entry ->
                        entry.getKey().equals("size") || entry.getValue().contains("." + entry.getKey() + "("))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The names of all functions. */
    static List<String> functions() {
        return List.copyOf(new TreeSet<>(WRITTEN.keySet().stream()
                .filter(name -> Character.isLetter(name.charAt(0)))
                .toList()));
    }
}
