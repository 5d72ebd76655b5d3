package dev.headrace.capability;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of capabilities: words in lower case, as they stand in commands and in paths. */
final class CapabilityName {

    /** Commands and paths of every integration. */
    private static final Set<String> RESERVED = Set.of(
            "airbyte",
            "check",
            "discover",
            "health",
            "help",
            "info",
            "metrics",
            "openapi",
            "read",
            "serve",
            "spec",
            "stats",
            "version");

    private static final Pattern WORDS = Pattern.compile("[a-z]+(_[a-z]+)*");

    private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_.]{1,100}");

    private CapabilityName() {}

    static String checked(String name) {
        if (!WORDS.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A capability's name is words of lower case letters joined by underscores, but this is '" + name
                            + "'");
        }
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("The name '" + name + "' is reserved, as are "
                    + RESERVED.stream().sorted().toList());
        }
        return name;
    }

    /** The name that a caller means: paths and commands are often written with dashes. */
    static String meant(String name) {
        return name.replace('-', '_');
    }

    /** The name as it may be shown, for callers may write whatever they like. */
    static String shown(String name) {
        return SHOWN.matcher(name).matches() ? name : "unknown";
    }

    /** {@code List accounts}. */
    static String inWords(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1).replace('_', ' ');
    }
}
