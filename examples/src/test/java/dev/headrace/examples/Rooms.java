package dev.headrace.examples;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of the architecture: a room is a package right under {@code dev.headrace}, and each names those that it may use. */
final class Rooms {

    static final String ROOT = "dev.headrace";

    /** What users run; some of these rooms are still to be built. */
    private static final Map<String, Set<String>> LIBRARY = Map.ofEntries(
            room("error"),
            room("json", "error"),
            room("http", "json", "error"),
            room("decode", "http", "json", "error"),
            room("auth", "http", "json", "error"),
            room("resilience", "http", "json", "error"),
            room("observe", "http", "error"),
            room("state", "json", "error"),
            room("pagination", "http", "decode", "json", "error"),
            room("connector", "error", "json", "http", "decode", "auth", "resilience", "observe", "pagination"),
            room("stream", "connector", "http", "pagination", "decode", "state", "json", "error"),
            room(
                    "capability",
                    "connector",
                    "stream",
                    "auth",
                    "resilience",
                    "observe",
                    "http",
                    "state",
                    "json",
                    "error"),
            room("sse", "connector", "http", "decode", "resilience", "state", "json", "error"),
            room("transfer", "connector", "http", "decode", "resilience", "error"));

    /** The library fitted to a host; none of them is used by anyone, but for what the command runs. */
    private static final Set<String> ADAPTERS = Set.of("cli", "spec", "server", "spring", "airbyte");

    private static final Set<String> COMMANDED = Set.of("spec", "server", "airbyte");

    private static final String TEST_KIT = "test";
    private static final Set<String> PROGRAMS = Set.of("examples", "benchmarks");

    private Rooms() {}

    private static Map.Entry<String, Set<String>> room(String name, String... mayUse) {
        return Map.entry(name, Set.of(mayUse));
    }

    /** Name of the room a class is in: {@code http}; {@code http.inner} below it; empty right under the root. */
    static String of(JavaClass type) {
        String name = type.getPackageName();
        return name.length() > ROOT.length() ? name.substring(ROOT.length() + 1) : "";
    }

    static boolean exists(String room) {
        return room.isEmpty()
                || LIBRARY.containsKey(room)
                || ADAPTERS.contains(room)
                || PROGRAMS.contains(room)
                || room.equals(TEST_KIT);
    }

    /** Whether the table lets one room use another. What lies right under the root is for all, and itself uses nobody. */
    static boolean mayUse(String user, String used) {
        return user.equals(used)
                || used.isEmpty() && !user.equals(TEST_KIT)
                || LIBRARY.getOrDefault(user, Set.of()).contains(used)
                || ADAPTERS.contains(user) && LIBRARY.containsKey(used)
                || user.equals("cli") && COMMANDED.contains(used)
                || PROGRAMS.contains(user)
                        && (LIBRARY.containsKey(used) || ADAPTERS.contains(used) || used.equals(TEST_KIT));
    }

    /** Packages of the library itself, whose threads must never be blocked. */
    static String[] library() {
        return packages(LIBRARY.keySet().stream());
    }

    /** Packages of the library and its adapters, except some rooms. */
    static String[] libraryAndAdaptersBut(String... excepted) {
        List<String> without = Arrays.asList(excepted);
        return packages(
                Stream.concat(LIBRARY.keySet().stream(), ADAPTERS.stream()).filter(room -> !without.contains(room)));
    }

    private static String[] packages(Stream<String> rooms) {
        return rooms.map(room -> ROOT + "." + room + "..")
                .collect(Collectors.toCollection(TreeSet::new))
                .toArray(String[]::new);
    }
}
