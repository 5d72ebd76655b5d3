package dev.headrace.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Header fields of a request or a response (RFC 9110 §5): names without regard to case, several values to a name, in the
 * order in which they came. Immutable; every change gives a new value.
 *
 * <p>Values outside ASCII go to the wire as UTF-8. {@link #toString()} masks secrets.
 */
public final class Headers {

    private static final Headers NONE = new Headers(new String[0], Set.of());
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    // Never changed once it is here. Most requests and responses pass several copies, so it is one array and no list
    // around it.
    private final String[] namesAndValues;
    /** In lower case: the names of what was given as a secret, beside those that speak of one. */
    private final Set<String> secretNames;

    private Headers(String[] namesAndValues, Set<String> secretNames) {
        this.namesAndValues = namesAndValues;
        this.secretNames = secretNames;
    }

    /**
     * No header at all.
     *
     * @return empty headers
     */
    public static Headers none() {
        return NONE;
    }

    /**
     * Headers from names and values in turn.
     *
     * @param namesAndValues name, value, name, value …
     * @return the headers
     * @throws IllegalArgumentException if a name has no value, or one of them could not stand in a message
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("Every header name needs a value");
        }
        Builder headers = new Builder(namesAndValues.length);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers.build();
    }

    /**
     * The first value of a header.
     *
     * @param name the header's name, in any case
     * @return the value, or empty if the header is absent
     */
    public Optional<String> first(String name) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                return Optional.of(namesAndValues[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** Whether the first value of a header is this one. */
    boolean has(String name, String value) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                return namesAndValues[i + 1].equals(value);
            }
        }
        return false;
    }

    /**
     * All values of a header, in order.
     *
     * @param name the header's name, in any case
     * @return its values; empty if the header is absent
     */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        forEach((other, value) -> {
            if (other.equalsIgnoreCase(name)) {
                values.add(value);
            }
        });
        return List.copyOf(values);
    }

    /**
     * Whether a header is present.
     *
     * @param name the header's name, in any case
     * @return true if it has at least one value
     */
    public boolean contains(String name) {
        return first(name).isPresent();
    }

    /**
     * The names present, in lower case and in order of first appearance.
     *
     * @return the names
     */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    /**
     * Whether there is no header.
     *
     * @return true if empty
     */
    public boolean isEmpty() {
        return namesAndValues.length == 0;
    }

    /**
     * Calls back for every name and value, in order.
     *
     * @param action takes name and value
     */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            action.accept(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /**
     * These headers with one value for a name, in place of all it had.
     *
     * @param name the header's name
     * @param value its only value
     * @return new headers
     * @throws IllegalArgumentException if name or value could not stand in a message (RFC 9110 §5.5: no control character but a tab)
     */
    public Headers with(String name, String value) {
        return copyWithout(name).add(name, value).build();
    }

    /**
     * These headers with one value for a name, in place of all it had, that is {@linkplain #isSecret a secret} whatever the name.
     *
     * @param name the header's name
     * @param value its only value
     * @return new headers
     * @throws IllegalArgumentException as {@link #with(String, String)}
     */
    public Headers with(String name, Secret value) {
        Builder copy = copyWithout(name).add(name, value.reveal());
        return copy.secret(name).build();
    }

    /**
     * Whether the values of a header must not be printed, and not go to an origin that is not trusted.
     *
     * @param name the header's name, in any case
     * @return true if its value was {@linkplain #with(String, Secret) given as a secret}, or its name speaks of one as
     *     {@link Redactor#isSecretName(String)} has it
     */
    public boolean isSecret(String name) {
        return Redactor.isSecretName(name)
                || !secretNames.isEmpty() && secretNames.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * These headers with one more value for a name.
     *
     * @param name the header's name
     * @param value a further value
     * @return new headers
     * @throws IllegalArgumentException as {@link #with(String, String)}
     */
    public Headers adding(String name, String value) {
        return new Builder(this).add(name, value).build();
    }

    /**
     * These headers without a name.
     *
     * @param name the header's name, in any case
     * @return new headers
     */
    public Headers without(String name) {
        return contains(name) ? copyWithout(name).build() : this;
    }

    /**
     * These headers with the names of others that are missing here.
     *
     * @param defaults taken where a name is absent here
     * @return new headers
     */
    public Headers withDefaults(Headers defaults) {
        if (defaults.isEmpty()) {
            return this;
        }
        Builder merged = new Builder(this);
        defaults.forEach((name, value) -> {
            if (!contains(name)) {
                merged.add(name, value);
                if (defaults.secretNames.contains(name.toLowerCase(Locale.ROOT))) {
                    var unused = merged.secret(name);
                }
            }
        });
        return merged.build();
    }

    /**
     * These headers without those that hold {@linkplain #isSecret a secret}: what may go to an origin that is not trusted.
     *
     * @return new headers
     */
    public Headers withoutSecrets() {
        Headers kept = this;
        for (String name : names()) {
            if (isSecret(name)) {
                kept = kept.without(name);
            }
        }
        return kept;
    }

    private Builder copyWithout(String name) {
        Builder copy = new Builder(namesAndValues.length + 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i].equalsIgnoreCase(name)) {
                copy.addReceived(namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        if (!secretNames.isEmpty()) {
            copy.secretNames = secretNames.stream()
                    .filter(other -> !other.equalsIgnoreCase(name))
                    .collect(Collectors.toUnmodifiableSet());
        }
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers headers && Arrays.equals(namesAndValues, headers.namesAndValues);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(namesAndValues);
    }

    @Override
    public String toString() {
        StringBuilder printed = new StringBuilder("[");
        forEach((name, value) -> printed.append(printed.length() == 1 ? "" : ", ")
                .append(name)
                .append(": ")
                .append(isSecret(name) ? Secret.MASK : Redactor.text(value)));
        return printed.append(']').toString();
    }

    /** Collects fields; what the remote sent is taken as it is, what the user gives is checked. */
    static final class Builder {

        private static final int A_FEW = 16;

        private String[] namesAndValues;
        private int length;
        private Set<String> secretNames = Set.of();

        Builder() {
            this(A_FEW);
        }

        Builder(int capacity) {
            this.namesAndValues = new String[capacity];
        }

        Builder(Headers headers) {
            this.length = headers.namesAndValues.length;
            this.namesAndValues = Arrays.copyOf(headers.namesAndValues, length + 2);
            this.secretNames = headers.secretNames;
        }

        Builder add(String name, String value) {
            checkName(name);
            checkValue(name, value);
            return addReceived(name, value);
        }

        Builder secret(String name) {
            if (Redactor.isSecretName(name)) {
                return this;
            }
            Set<String> more = new HashSet<>(secretNames);
            more.add(name.toLowerCase(Locale.ROOT));
            secretNames = Set.copyOf(more);
            return this;
        }

        Builder addReceived(String name, String value) {
            if (length == namesAndValues.length) {
                namesAndValues = Arrays.copyOf(namesAndValues, Math.max(A_FEW, 2 * length));
            }
            namesAndValues[length++] = name;
            namesAndValues[length++] = value;
            return this;
        }

        Headers build() {
            if (length == 0) {
                return NONE;
            }
            // A full array is handed over: what is added afterwards goes into a larger one.
            return new Headers(
                    length == namesAndValues.length ? namesAndValues : Arrays.copyOf(namesAndValues, length),
                    secretNames);
        }

        private static void checkName(String name) {
            boolean valid = !name.isEmpty();
            for (int i = 0; valid && i < name.length(); i++) {
                char c = name.charAt(i);
                valid = c >= 'a' && c <= 'z'
                        || c >= 'A' && c <= 'Z'
                        || c >= '0' && c <= '9'
                        || TOKEN_MARKS.indexOf(c) >= 0;
            }
            if (!valid) {
                throw new IllegalArgumentException("Not a header name: '" + name.replaceAll("\\p{Cntrl}", "?") + "'");
            }
        }

        private static void checkValue(String name, String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c < ' ' && c != '\t' || c == 0x7f) {
                    // The value itself may be a secret: it is not shown.
                    throw new IllegalArgumentException("The value of header " + name
                            + " holds a line break or another control character at index " + i);
                }
            }
        }
    }
}
